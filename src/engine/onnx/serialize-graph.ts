import { create, toBinary } from '@bufbuild/protobuf';
import type { DType } from '../core/dtype.ts';
import type { ExternalDataPlan, Placement } from './external-data.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import type { Attribute, Graph, Initializer, Node, Value } from './graph.ts';

/** The format's version that came with opset 20. */
const irVersion = 9n;

const dataTypes: Readonly<Record<DType, TensorProto_DataType>> = {
  f64: TensorProto_DataType.DOUBLE,
  f32: TensorProto_DataType.FLOAT,
  f16: TensorProto_DataType.FLOAT16,
  bf16: TensorProto_DataType.BFLOAT16,
  i64: TensorProto_DataType.INT64,
  i32: TensorProto_DataType.INT32,
  u8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};

/** The bytes of an ONNX ModelProto whose large initializers are external data, placed as `plan` says. */
export function serializeGraph(graph: Graph, plan: ExternalDataPlan): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'instaflow-studio',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(graph.opset) }),
      create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
    ],
    graph: create(GraphProtoSchema, {
      name: graph.name,
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
      node: graph.nodes.map(nodeProto),
      initializer: graph.initializers.map((initializer) =>
        tensorProto(initializer, plan.placements.get(initializer.value.name)!, plan.packedPath),
      ),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function nodeProto({ name, operator, domain, inputs, outputs, attributes }: Node): NodeProto {
  return create(NodeProtoSchema, {
    name,
    domain,
    opType: operator,
    // An empty name stands for an optional input that is left out.
    input: inputs.map((value) => value?.name ?? ''),
    output: outputs.map((value) => value.name),
    attribute: Object.entries(attributes).map(([key, attribute]) => attributeProto(key, attribute)),
  });
}

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  const type = AttributeProto_AttributeType;
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: type.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: type.STRING, s: encodeText(attribute.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: type.INTS, ints: attribute.value.map(BigInt) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: type.FLOATS, floats: [...attribute.value] });
  }
}

function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function valueInfo({ name, dtype, shape }: Value): ValueInfoProto {
  const dim = shape.map((dimension) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof dimension === 'number'
          ? { case: 'dimValue', value: BigInt(dimension) }
          : { case: 'dimParam', value: dimension },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: dataTypes[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

function tensorProto({ value }: Initializer, placement: Placement, packedPath: string): TensorProto {
  const tensor = create(TensorProtoSchema, {
    name: value.name,
    dataType: dataTypes[value.dtype],
    dims: value.shape.map(BigInt),
  });
  if (placement.kind === 'inline') {
    tensor.rawData = new Uint8Array(placement.bytes);
    return tensor;
  }
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  const location = placement.kind === 'referenced' ? placement.file : packedPath;
  const entries = { location, offset: placement.offset, length: placement.sizeBytes };
  tensor.externalData = Object.entries(entries).map(([key, entry]) =>
    create(StringStringEntryProtoSchema, { key, value: String(entry) }),
  );
  return tensor;
}
