import { serviceEnvironment } from '@sp/platform';
import { experiments, type ExperimentName } from '@sp/offers';
import { z } from 'zod';

export const recommenderConfig = z.object({
  ...serviceEnvironment,
  PORT: serviceEnvironment.PORT.default(3003),
  /** May who declared an experiment not start it himself? */
  EXPERIMENT_SECOND_PERSON: z.enum(['yes', 'no']).default('yes'),
  EXPERIMENT: z.enum(Object.keys(experiments) as [ExperimentName, ...ExperimentName[]]).default('always-on'),
});

export type RecommenderConfig = z.infer<typeof recommenderConfig>;
