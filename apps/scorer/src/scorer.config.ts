import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const scorerConfig = z.object({
  ...serviceEnvironment,
  PORT: serviceEnvironment.PORT.default(3002),
  /** Holds `<name>/<version>.onnx`, their cards and `champion.json`. */
  MODELS_FOLDER: z.string().default('models'),
  /** Worker threads for large batches; 0 scores on the main thread. */
  SCORING_THREADS: z.coerce.number().int().min(0).max(64).default(1),
});

export type ScorerConfig = z.infer<typeof scorerConfig>;
