import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const feedbackLoopConfig = z.object({ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(3004) });

export type FeedbackLoopConfig = z.infer<typeof feedbackLoopConfig>;
