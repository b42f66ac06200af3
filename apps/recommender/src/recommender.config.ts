import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const recommenderConfig = z.object({ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(3003) });

export type RecommenderConfig = z.infer<typeof recommenderConfig>;
