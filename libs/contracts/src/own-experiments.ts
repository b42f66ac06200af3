import { z } from 'zod';
import { identifier } from './envelope';

/** What an arm does with its clients; the four of the experiment that is always on. */
export const armPolicies = ['holdout', 'random', 'rules', 'model'] as const;

/** In the order in which a page shows them. */
export const experimentMetricNames = ['spend', 'spend-capped', 'spend-adjusted', 'frequency', 'average-check', 'margin', 'offer-margin', 'active-weeks', 'opt-outs'] as const;

const metric = z.enum(experimentMetricNames);
const plain = /^[a-z0-9][a-z0-9-]{0,39}$/;
const plainProblem = 'small letters, digits and hyphens, 40 at most';

const armSchema = z.object({
  arm: z.string().regex(plain, plainProblem),
  policy: z.enum(armPolicies).describe('What decides for the clients of this arm; holdout: nothing is delivered.'),
  weight: z.number().positive().max(1000).describe('Its part of the experiment’s clients, in proportion.'),
  explorationShare: z.number().min(0).max(1).optional().describe('Of a model arm’s decisions, drawn evenly instead of by value; as in the policy where not given.'),
});

const guardrailSchema = z.object({
  metric,
  tolerance: z.number().min(0).max(1).default(0).describe('Harm that is borne, as a share of the control’s mean; 0.02 is two per cent.'),
});

/** An experiment as somebody plans it. Its clients are a part of one always-on arm's, so that the holdout stays untouched and shows what all experiments together do. */
export const experimentDeclarationSchema = z
  .object({
    experimentId: z.string().regex(plain, plainProblem).refine((id) => id !== 'always-on' && id !== 'all-random', 'is the name of a built-in experiment'),
    hypothesis: z.string().trim().min(1).max(1000).describe('What is expected, and why.'),
    within: z.enum(['random', 'rules', 'model']).default('model').describe('The always-on arm whose clients take part.'),
    share: z.number().min(0.01).max(1).describe('Of those clients; experiments that run within the same arm share them without overlap.'),
    arms: z.array(armSchema).min(2).max(8),
    control: z.string().describe('The arm that the others are compared with.'),
    metrics: z.array(metric).min(1).max(experimentMetricNames.length).describe('The first decides; all of them are one family of comparisons.'),
    guardrails: z.array(guardrailSchema).max(4).default([]),
    horizonDays: z.int().min(1).max(90),
  })
  .refine(({ arms }) => new Set(arms.map(({ arm }) => arm)).size === arms.length, { path: ['arms'], message: 'two arms have one name' })
  .refine(({ arms, control }) => arms.some(({ arm }) => arm === control), { path: ['control'], message: 'is none of the arms' })
  .refine(({ metrics }) => new Set(metrics).size === metrics.length, { path: ['metrics'], message: 'a metric is named twice' })
  .refine(({ arms }) => arms.every(({ policy, explorationShare }) => policy === 'model' || explorationShare === undefined), { path: ['arms'], message: 'only a model arm explores' });

export type ExperimentDeclaration = z.infer<typeof experimentDeclarationSchema>;

/** An experiment as it stands: the newest word on it in the control log. A started epoch never changes; declared anew it is the next one. */
export const ownExperimentSchema = experimentDeclarationSchema.and(z.object({
  epoch: z.int().positive(),
  /** Hashed with the client's id into his arm. */
  salt: identifier,
  state: z.enum(['declared', 'running', 'stopped']),
  /** Where its part of the layer begins, 0..1; known from the start on. */
  from: z.number().min(0).max(1).optional(),
  declaredBy: z.string().min(1).max(128),
  startedBy: z.string().min(1).max(128).optional(),
  stoppedBy: z.string().min(1).max(128).optional(),
  /** Of the newest word. */
  reason: z.string().min(1).max(1000),
}));

export type OwnExperiment = z.infer<typeof ownExperimentSchema>;
