import type { ModelStore } from './model-store';
import { exportBinaryModel } from './onnx-export';

/** Stores a model beside the champion that gives every row the same probability, and answers its version: what a broken model looks like. */
export async function saveConstantModel(store: ModelStore, name: string, probability: number): Promise<string> {
  const champion = await store.champion(name);
  if (champion === undefined) throw new Error(`${name} has no champion whose features a constant could take`);
  const { card } = await store.load(name, champion);
  const leaf = { left_children: [-1], right_children: [-1], split_indices: [0], split_conditions: [0], default_left: [0] };
  const learner = {
    objective: { name: 'binary:logistic' },
    learner_model_param: { base_score: String(probability), num_feature: String(card.featureNames.length) },
    gradient_booster: { name: 'gbtree', model: { trees: [leaf] } },
  };
  const saved = await store.save(name, exportBinaryModel(JSON.stringify({ learner }), { featureNames: card.featureNames }), { ...card, note: `a constant, ${probability} of everything` });
  return saved.version;
}
