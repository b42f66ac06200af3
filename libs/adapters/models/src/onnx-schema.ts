import protobuf from 'protobufjs/light.js';

/** AttributeProto.AttributeType and TensorProto.DataType, as far as they are used. */
export const ONNX = { attribute: { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 }, float32: 1 } as const;

const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });
const single = (type: string, id: number) => ({ type, id });

/** The part of onnx.proto (IR version 8) that a tree ensemble needs; names and field numbers are the standard's. */
const schema = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: single('int64', 1),
        opsetImport: repeated('OperatorSetIdProto', 8),
        producerName: single('string', 2),
        graph: single('GraphProto', 7),
        metadataProps: repeated('StringStringEntryProto', 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: single('string', 1), version: single('int64', 2) } },
    StringStringEntryProto: { fields: { key: single('string', 1), value: single('string', 2) } },
    GraphProto: { fields: { node: repeated('NodeProto', 1), name: single('string', 2), input: repeated('ValueInfoProto', 11), output: repeated('ValueInfoProto', 12) } },
    NodeProto: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: single('string', 3),
        opType: single('string', 4),
        attribute: repeated('AttributeProto', 5),
        domain: single('string', 7),
      },
    },
    AttributeProto: {
      fields: {
        name: single('string', 1),
        i: single('int64', 3),
        s: single('bytes', 4),
        floats: repeated('float', 7),
        ints: repeated('int64', 8),
        strings: repeated('bytes', 9),
        type: single('int32', 20),
      },
    },
    ValueInfoProto: { fields: { name: single('string', 1), type: single('TypeProto', 2) } },
    TypeProto: { fields: { tensorType: single('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: single('int32', 1), shape: single('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: repeated('DimensionProto', 1) } },
    DimensionProto: { fields: { dimValue: single('int64', 1), dimParam: single('string', 2) } },
  },
});

const modelProto = schema.lookupType('ModelProto');

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

/** A model as the schema above writes it. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly {
      readonly name: string;
      readonly opType: string;
      readonly domain: string;
      readonly input: readonly string[];
      readonly output: readonly string[];
      readonly attribute: readonly Attribute[];
    }[];
    readonly input: readonly object[];
    readonly output: readonly object[];
  };
}

export function encodeModel(model: OnnxModel): Uint8Array {
  return modelProto.encode(modelProto.fromObject(model)).finish();
}

/** A model as it was written by `encodeModel`; of others only what the schema above knows. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  return modelProto.toObject(modelProto.decode(bytes), { longs: Number, arrays: true }) as unknown as OnnxModel;
}

/** A float tensor of any number of rows. */
export function floatRows(name: string, columns: number): object {
  return { name, type: { tensorType: { elemType: ONNX.float32, shape: { dim: [{ dimParam: 'rows' }, { dimValue: columns }] } } } };
}
