import type { Attribute } from './onnx-schema';
import { encodeModel, floatRows, ONNX } from './onnx-schema';
import type { BinaryTrees, XgboostTree } from './xgboost-trees';
import { readBinaryTrees, UnsupportedModelError } from './xgboost-trees';

export const INPUT_NAME = 'features';
export const OUTPUT_NAME = 'probability';

/** onnxruntime 1.30 knows ai.onnx up to 26 and ai.onnx.ml up to 5; these old ones are read by every runtime of the last years. */
const OPSETS = [
  { domain: '', version: 17 },
  { domain: 'ai.onnx.ml', version: 3 },
];
const IR_VERSION = 8;

/**
 * XGBoost's saved JSON as ONNX: `features` float[rows, columns] to `probability` float[rows, 1], a missing value being NaN.
 * The features' names travel in the model's metadata. Throws UnsupportedModelError for other kinds of model or a wrong width.
 */
export function exportBinaryModel(modelJson: string, { featureNames }: { readonly featureNames: readonly string[] }): Uint8Array {
  const ensemble = readBinaryTrees(modelJson);
  if (ensemble.columns !== featureNames.length) throw new UnsupportedModelError(`the model has ${ensemble.columns} columns, but ${featureNames.length} names were given`);
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'smart-purchases',
    opsetImport: OPSETS,
    metadataProps: [{ key: 'featureNames', value: JSON.stringify(featureNames) }],
    graph: {
      name: 'boosted-trees',
      node: [
        { name: 'trees', opType: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', input: [INPUT_NAME], output: ['margin'], attribute: ensembleAttributes(ensemble) },
        { name: 'link', opType: 'Sigmoid', domain: '', input: ['margin'], output: [OUTPUT_NAME], attribute: [] },
      ],
      input: [floatRows(INPUT_NAME, featureNames.length)],
      output: [floatRows(OUTPUT_NAME, 1)],
    },
  });
}

/** Parallel lists over all nodes of all trees, as the operator wants them. */
function ensembleAttributes({ trees, baseMargin }: BinaryTrees): Attribute[] {
  const nodes = trees.flatMap((tree, treeId) => reachableNodes(tree).map((nodeId) => readNode(tree, treeId, nodeId)));
  const leaves = nodes.filter((node) => node.leaf);
  return [
    ints('nodes_treeids', nodes.map((node) => node.treeId)),
    ints('nodes_nodeids', nodes.map((node) => node.nodeId)),
    ints('nodes_featureids', nodes.map((node) => node.feature)),
    strings('nodes_modes', nodes.map((node) => (node.leaf ? 'LEAF' : 'BRANCH_LT'))),
    floats('nodes_values', nodes.map((node) => (node.leaf ? 0 : node.condition))),
    ints('nodes_truenodeids', nodes.map((node) => node.left)),
    ints('nodes_falsenodeids', nodes.map((node) => node.right)),
    // What explanations weigh branches with; the runtime passes it over.
    ...(nodes.every(({ cover }) => cover !== undefined) ? [floats('nodes_hitrates', nodes.map(({ cover }) => cover!))] : []),
    ints('nodes_missing_value_tracks_true', nodes.map((node) => Number(node.missingGoesLeft))),
    ints('target_treeids', leaves.map((node) => node.treeId)),
    ints('target_nodeids', leaves.map((node) => node.nodeId)),
    ints('target_ids', leaves.map(() => 0)),
    floats('target_weights', leaves.map((node) => node.condition)),
    floats('base_values', [baseMargin]),
    { name: 'n_targets', type: ONNX.attribute.int, i: 1 },
    { name: 'aggregate_function', type: ONNX.attribute.string, s: Buffer.from('SUM') },
    { name: 'post_transform', type: ONNX.attribute.string, s: Buffer.from('NONE') },
  ];
}

/** Pruning leaves cut-off nodes in the lists, which the runtime might take for roots. */
function reachableNodes(tree: XgboostTree): number[] {
  const reached = [0];
  for (const nodeId of reached) {
    const left = tree.left_children[nodeId] ?? -1;
    if (left !== -1) reached.push(left, tree.right_children[nodeId] ?? -1);
  }
  return reached;
}

/** XGBoost goes left where value < condition; ids of -1 (no child) become 0, which the operator ignores for leaves. */
function readNode(tree: XgboostTree, treeId: number, nodeId: number) {
  const left = tree.left_children[nodeId] ?? -1;
  return {
    treeId,
    nodeId,
    leaf: left === -1,
    left: Math.max(0, left),
    right: Math.max(0, tree.right_children[nodeId] ?? -1),
    feature: left === -1 ? 0 : (tree.split_indices[nodeId] ?? 0),
    condition: tree.split_conditions[nodeId] ?? NaN,
    cover: tree.sum_hessian?.[nodeId],
    missingGoesLeft: left !== -1 && Boolean(tree.default_left[nodeId]),
  };
}

function ints(name: string, values: readonly number[]): Attribute {
  return { name, type: ONNX.attribute.ints, ints: values };
}

function floats(name: string, values: readonly number[]): Attribute {
  return { name, type: ONNX.attribute.floats, floats: values };
}

function strings(name: string, values: readonly string[]): Attribute {
  return { name, type: ONNX.attribute.strings, strings: values.map((value) => Buffer.from(value)) };
}
