/**
 * A folder of safetensors as exporters write ONNX pipelines: ids, a timestep and half-precision latents as inputs,
 * weights inside the file or beside it. The networks are ours; what an exporter does otherwise is put around them.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DType } from '../engine/core/dtype.ts';
import { buildAutoencoderKlDecoder } from '../engine/networks/autoencoder-kl/build.ts';
import { parseAutoencoderKlConfig } from '../engine/networks/autoencoder-kl/config.ts';
import { buildClipTextModel, tokenEmbeddingTensor } from '../engine/networks/clip-text/build.ts';
import { parseClipTextConfig } from '../engine/networks/clip-text/config.ts';
import { buildUNet2DConditionModel } from '../engine/networks/unet-2d-condition/build.ts';
import { parseUNet2DConditionConfig } from '../engine/networks/unet-2d-condition/config.ts';
import { fillPacked, planExternalData } from '../engine/onnx/external-data.ts';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../engine/onnx/generated/onnx_pb.ts';
import type { Graph } from '../engine/onnx/graph.ts';
import { serializeGraph } from '../engine/onnx/serialize-graph.ts';
import { readJsonFile } from '../engine/pipeline/model-folder.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { openCheckpoint } from '../engine/weights/open-checkpoint.ts';
import { readFloats } from '../engine/weights/read-tensor.ts';

const variant = { attention: 'decomposed', dtype: 'f32' } as const;

/** @param size of the latents @returns files by path: the three networks, and those that are copied as they are */
export async function exportPipeline(
  files: ModelFiles,
  size: { readonly height: number; readonly width: number },
  textLength: number,
): Promise<Record<string, Uint8Array>> {
  const text = parseClipTextConfig(await readJsonFile(files, 'text_encoder/config.json'));
  const words = await openCheckpoint(files, 'text_encoder/model');
  const outputs = ['last_hidden_state'] as const;
  const textGraph = buildClipTextModel(text, words.tensors, { variant, length: textLength, outputs });
  const table = await readFloats(files, words.entry(tokenEmbeddingTensor));

  const unet = parseUNet2DConditionConfig(await readJsonFile(files, 'unet/config.json'));
  const network = await openCheckpoint(files, 'unet/diffusion_pytorch_model');
  const unetGraph = buildUNet2DConditionModel(unet, network.tensors, { variant, ...size, textLength });

  const vae = parseAutoencoderKlConfig(await readJsonFile(files, 'vae/config.json'));
  const decoder = await openCheckpoint(files, 'vae/diffusion_pytorch_model');
  const vaeGraph = buildAutoencoderKlDecoder(vae, decoder.tensors, { variant, ...size });
  return {
    ...(await exported(files, 'text_encoder', textGraph, (graph) => {
      retype(graph, 'token_embeddings', 'input_ids', 'i32', [1, textLength]);
      constant(graph, 'table', table, [text.vocabularySize, text.hiddenSize]);
      prepend(graph, 'Gather', ['table', 'input_ids'], 'token_embeddings');
    })),
    ...(await exported(files, 'unet', unetGraph, (graph) => {
      const half = unet.timestepChannels / 2;
      const frequencies = Float32Array.from({ length: half }, (_, k) =>
        Math.exp((-Math.log(10000) * k) / (half - unet.frequencyShift)),
      );
      const waves = unet.flipSinToCos ? ['cosines', 'sines'] : ['sines', 'cosines'];
      retype(graph, 'timestep_embedding', 'timestep', 'i64', [1]);
      constant(graph, 'frequencies', frequencies, [1, half]);
      // The last to be prepended comes first.
      prepend(graph, 'Concat', waves, 'timestep_embedding', { axis: 1 });
      prepend(graph, 'Sin', ['angles'], 'sines');
      prepend(graph, 'Cos', ['angles'], 'cosines');
      prepend(graph, 'Mul', ['time', 'frequencies'], 'angles');
      prepend(graph, 'Cast', ['timestep'], 'time', { to: TensorProto_DataType.FLOAT });
      const shape = [1, unet.inputChannels, size.height, size.width];
      rename(graph, 'sample', 'sample_f32');
      retype(graph, 'sample_f32', 'sample', 'f16', shape);
      prepend(graph, 'Cast', ['sample'], 'sample_f32', { to: TensorProto_DataType.FLOAT });
    })),
    ...(await exported(files, 'vae_decoder', vaeGraph, (graph) => {
      rename(graph, 'latents', 'latent_sample');
    })),
    'vae_decoder/config.json': await whole(files, 'vae/config.json'),
    'scheduler/scheduler_config.json': await whole(files, 'scheduler/scheduler_config.json'),
    'model_index.json': new TextEncoder().encode('{"_class_name": "OnnxStableDiffusionPipeline"}'),
  };
}

const whole = async (files: ModelFiles, path: string) => files.read(path, 0, await files.size(path));

async function exported(
  files: ModelFiles,
  folder: string,
  graph: Graph,
  change: (graph: GraphProto) => void,
): Promise<Record<string, Uint8Array>> {
  const plan = { ...planExternalData(graph, 'copied'), packedPath: 'model.onnx_data' };
  const model = fromBinary(ModelProtoSchema, serializeGraph(graph, plan));
  change(model.graph!);
  return {
    [`${folder}/model.onnx`]: toBinary(ModelProtoSchema, model),
    [`${folder}/model.onnx_data`]: await fillPacked(plan, files),
  };
}

const elementTypes: Partial<Record<DType, TensorProto_DataType>> = {
  f16: TensorProto_DataType.FLOAT16,
  i32: TensorProto_DataType.INT32,
  i64: TensorProto_DataType.INT64,
};

function retype(
  graph: GraphProto,
  name: string,
  given: string,
  dtype: DType,
  shape: readonly number[],
): void {
  const input = graph.input.find((each) => each.name === name)!;
  input.name = given;
  const tensor = input.type!.value.value!;
  tensor.elemType = elementTypes[dtype]!;
  const dims = tensor.shape!.dim.slice(0, shape.length);
  for (const [i, dim] of dims.entries()) dim.value = { case: 'dimValue', value: BigInt(shape[i]!) };
  tensor.shape!.dim = dims;
}

function rename(graph: GraphProto, from: string, to: string): void {
  for (const input of graph.input) if (input.name === from) input.name = to;
  for (const node of graph.node) node.input = node.input.map((name) => (name === from ? to : name));
}

function constant(graph: GraphProto, name: string, values: Float32Array, shape: readonly number[]): void {
  const rawData = new Uint8Array(values.slice().buffer);
  const dims = shape.map(BigInt);
  graph.initializer.push(
    create(TensorProtoSchema, { name, dims, dataType: TensorProto_DataType.FLOAT, rawData }),
  );
}

function prepend(
  graph: GraphProto,
  opType: string,
  input: string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): void {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) }),
  );
  graph.node.unshift(
    create(NodeProtoSchema, { name: `${output}_made`, opType, input, output: [output], attribute }),
  );
}
