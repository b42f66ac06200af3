import { z } from 'zod';

const numbers = z.array(z.number());

const tree = z.object({
  left_children: numbers,
  right_children: numbers,
  split_indices: numbers,
  /** Threshold of an inner node, value of a leaf. */
  split_conditions: numbers,
  /** 0/1 up to version 1.x, booleans from some builds. */
  default_left: z.array(z.union([z.number(), z.boolean()])),
  /** Weight of the training rows that reached the node. */
  sum_hessian: numbers.optional(),
  /** 1 marks a split by category. */
  split_type: numbers.optional(),
});

const model = z.object({
  learner: z.object({
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({ base_score: z.string(), num_feature: z.string() }),
    gradient_booster: z.object({ name: z.string(), model: z.object({ trees: z.array(tree) }) }),
  }),
});

export type XgboostTree = z.infer<typeof tree>;

export interface BinaryTrees {
  readonly trees: readonly XgboostTree[];
  readonly columns: number;
  /** The logit that the trees' sum is added to. */
  readonly baseMargin: number;
}

/** The model is of a kind that this export does not know. */
export class UnsupportedModelError extends Error {
  override readonly name = 'UnsupportedModelError';
}

/** Reads the JSON that XGBoost saves (1.7 to 3.x). Throws UnsupportedModelError for anything but boosted trees of one probability. */
export function readBinaryTrees(modelJson: string): BinaryTrees {
  const parsed = model.safeParse(JSON.parse(modelJson));
  if (!parsed.success) throw new UnsupportedModelError(`not a model saved by XGBoost: ${z.prettifyError(parsed.error)}`);
  const { objective, learner_model_param, gradient_booster } = parsed.data.learner;
  if (objective.name !== 'binary:logistic') throw new UnsupportedModelError(`objective ${objective.name}; only binary:logistic can be exported`);
  if (gradient_booster.name !== 'gbtree') throw new UnsupportedModelError(`booster ${gradient_booster.name}; only gbtree can be exported`);
  const { trees } = gradient_booster.model;
  if (trees.some((one) => one.split_type?.some((type) => type !== 0))) throw new UnsupportedModelError('a tree splits by category');
  // Version 3 writes the base score as a list of one: "[5E-1]".
  const baseScore = Number(learner_model_param.base_score.replace(/[[\]]/g, ''));
  return { trees, columns: Number(learner_model_param.num_feature), baseMargin: Math.log(baseScore / (1 - baseScore)) };
}
