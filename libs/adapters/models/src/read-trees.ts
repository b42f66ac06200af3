import type { ExplainableTree, TreeEnsemble } from '@sp/offers';
import { decodeModel, type Attribute } from './onnx-schema';
import { UnsupportedModelError } from './xgboost-trees';

/** The boosted trees inside a stored model, to explain its scores with. Throws UnsupportedModelError for a model that this project has not exported. */
export function readTrees(onnx: Uint8Array, columns: number): TreeEnsemble {
  const node = decodeModel(onnx).graph.node.find(({ opType }) => opType === 'TreeEnsembleRegressor');
  if (!node) throw new UnsupportedModelError('the model holds no TreeEnsembleRegressor');
  const lists = new Map(node.attribute.map((attribute) => [attribute.name, attribute]));
  return { columns, baseMargin: floats(lists, 'base_values')[0] ?? 0, trees: treesOf(lists) };
}

type Lists = ReadonlyMap<string, Attribute>;
type Growing = { -readonly [K in keyof ExplainableTree]-?: ExplainableTree[K] extends readonly (infer T)[] | undefined ? T[] : never };

/** The lists are parallel over all nodes of all trees; ids are the tree's own and may have gaps. */
function treesOf(lists: Lists): ExplainableTree[] {
  const trees: Growing[] = [];
  const [treeIds, nodeIds, features, values, lefts, rights, missing] = ['treeids', 'nodeids', 'featureids', 'values', 'truenodeids', 'falsenodeids', 'missing_value_tracks_true'].map((name) => numbers(lists, `nodes_${name}`)) as [number[], number[], number[], number[], number[], number[], number[]];
  const modes = (lists.get('nodes_modes')?.strings ?? []).map((mode) => Buffer.from(mode).toString());
  const covers = numbers(lists, 'nodes_hitrates');
  treeIds.forEach((treeId, row) => {
    const tree = (trees[treeId] ??= { left: [], right: [], feature: [], threshold: [], missingGoesLeft: [], cover: [] });
    const node = nodeIds[row]!;
    const leaf = modes[row] === 'LEAF';
    tree.left[node] = leaf ? -1 : lefts[row]!;
    tree.right[node] = leaf ? -1 : rights[row]!;
    tree.feature[node] = features[row]!;
    tree.threshold[node] = values[row]!;
    tree.missingGoesLeft[node] = missing[row] === 1;
    if (covers.length > 0) tree.cover[node] = covers[row]!;
  });
  const weights = numbers(lists, 'target_weights');
  const leaves = numbers(lists, 'target_nodeids');
  numbers(lists, 'target_treeids').forEach((treeId, row) => (trees[treeId]!.threshold[leaves[row]!] = weights[row]!));
  return trees.map(({ cover, ...tree }) => (cover.length > 0 ? { ...tree, cover } : tree));
}

function numbers(lists: Lists, name: string): number[] {
  const attribute = lists.get(name);
  return [...((attribute?.ints?.length ? attribute.ints : attribute?.floats) ?? [])].map(Number);
}

function floats(lists: Lists, name: string): number[] {
  return [...(lists.get(name)?.floats ?? [])];
}
