import { serviceEnvironment } from '@sp/platform';
import { z } from 'zod';

export const feedbackLoopConfig = z.object({
  ...serviceEnvironment,
  PORT: serviceEnvironment.PORT.default(3004),
  /** The shipped models; those trained since are in the object store. */
  MODELS_FOLDER: z.string().default('models'),
  /** Trains when so many outcomes of the random arm are new since the last training; 0 never. */
  TRAIN_AFTER_OUTCOMES: z.coerce.number().int().min(0).default(0),
  /** Trains so often, in the line's own time; 0 never. */
  TRAIN_EVERY_HOURS: z.coerce.number().min(0).default(0),
  /** Lets exploration and training follow how wrong the model is, so often in the line's own time; 0 never. */
  REGULATE_EVERY_HOURS: z.coerce.number().min(0).default(24),
});

export type FeedbackLoopConfig = z.infer<typeof feedbackLoopConfig>;
