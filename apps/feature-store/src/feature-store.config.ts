import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const featureStoreConfig = z.object({ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(3001), CLOCK: z.enum(['wall', 'events']).default('wall') });

export type FeatureStoreConfig = z.infer<typeof featureStoreConfig>;
