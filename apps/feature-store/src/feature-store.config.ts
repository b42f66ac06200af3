import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const featureStoreConfig = z.object({
  ...serviceEnvironment,
  PORT: serviceEnvironment.PORT.default(3001),
  CLOCK: z.enum(['wall', 'events']).default('wall'),
  MODELS_FOLDER: z.string().min(1).default('models'),
  PARITY_EVERY_SECONDS: z.coerce.number().positive().max(86_400).default(3_600),
  ERASURE_EVERY_SECONDS: z.coerce.number().positive().max(86_400).default(60),
});

export type FeatureStoreConfig = z.infer<typeof featureStoreConfig>;
