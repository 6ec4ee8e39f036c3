/** A case of one network: `io.json` lists calls, each with inputs and outputs, in the network's own terms. */
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor, type Tensor } from '../core/tensor.ts';
import {
  type AutoencoderKlEncoderOutput,
  buildAutoencoderKlDecoder,
  buildAutoencoderKlEncoder,
} from '../networks/autoencoder-kl/build.ts';
import { parseAutoencoderKlConfig } from '../networks/autoencoder-kl/config.ts';
import {
  type AutoencoderTinyEncoderOutput,
  buildAutoencoderTinyDecoder,
  buildAutoencoderTinyEncoder,
} from '../networks/autoencoder-tiny/build.ts';
import { parseAutoencoderTinyConfig } from '../networks/autoencoder-tiny/config.ts';
import {
  buildClipTextModel,
  type ClipTextOutput,
  tokenEmbeddingTensor,
} from '../networks/clip-text/build.ts';
import { parseClipTextConfig } from '../networks/clip-text/config.ts';
import { endPosition } from '../networks/clip-text/end-position.ts';
import type { GraphVariant } from '../networks/graph-variant.ts';
import { networkClassOf } from '../networks/network-class.ts';
import type { PictureGraphOptions } from '../networks/picture-graph-options.ts';
import { timestepEmbedding } from '../networks/timestep-embedding.ts';
import { buildUNet2DConditionModel } from '../networks/unet-2d-condition/build.ts';
import { parseUNet2DConditionConfig } from '../networks/unet-2d-condition/config.ts';
import type { Graph } from '../onnx/graph.ts';
import { joinPath, readJsonFile } from '../pipeline/model-folder.ts';
import type { Runtime } from '../pipeline/ports.ts';
import { loadTiledWhereNeeded } from '../pipeline/tiled-decoder.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { JsonObject } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { type CheckpointVariant, openCheckpoint } from '../weights/open-checkpoint.ts';
import { LastSession } from './last-session.ts';

export type Tensors = Readonly<Record<string, FloatTensor>>;

/** A graph that gives the outputs of a call, and what to feed it. */
interface PreparedCall {
  readonly graph: Graph;
  readonly feeds: Record<string, Tensor>;
  /** Graph output by recorded output, where they differ. */
  readonly outputNames?: Readonly<Record<string, string>>;
}

export interface NetworkCall {
  readonly files: ModelFiles;
  /** Of the network inside `files`: '' for a case of one network. */
  readonly folder: string;
  readonly runtime: Runtime;
  readonly variant: GraphVariant;
  readonly weights: readonly CheckpointVariant[];
  readonly inputs: Tensors;
  readonly outputs: readonly string[];
  /** What adapters make of the weights. */
  readonly adapt?: ((checkpoint: Checkpoint) => Checkpoint) | undefined;
  /** The one of the calls before, of the same files and weights; the caller disposes it. */
  readonly session?: LastSession | undefined;
}

/**
 * Computes the outputs of one recorded call.
 * @throws EngineError what files, config, checkpoint and runtime throw
 */
export async function runNetworkCall(call: NetworkCall): Promise<Record<string, FloatTensor>> {
  const { files, folder, runtime } = call;
  const config = await readJsonFile(files, joinPath(folder, 'config.json'));
  const text = networkClassOf(config) === 'CLIPTextModel';
  const stem = joinPath(folder, text ? 'model' : 'diffusion_pytorch_model');
  const stored = await openCheckpoint(files, stem, { variants: call.weights });
  const checkpoint = call.adapt ? call.adapt(stored) : stored;
  const tiled = text ? undefined : await decodeInTiles(config, checkpoint, call);
  if (tiled) return tiled;
  const prepared = text
    ? await prepareTextEncoder(config, checkpoint, call)
    : prepareImageNetwork(config, checkpoint, call);
  const held = call.session ?? new LastSession();
  // These and the files decide the graph.
  const shapes = Object.entries(prepared.feeds).map(([name, { shape }]) => `${name}[${shape}]`);
  try {
    const session = await held.get([folder, ...call.outputs, ...shapes].join(), () =>
      runtime.createSession(prepared.graph, files),
    );
    const results = await session.run(prepared.feeds);
    return Object.fromEntries(
      call.outputs.map((name) => [name, results[prepared.outputNames?.[name] ?? name] as FloatTensor]),
    );
  } finally {
    if (!call.session) await held.dispose();
  }
}

/** As the pipeline decodes where a tensor of the whole picture is more than the backend takes; undefined elsewhere. */
async function decodeInTiles(
  json: JsonObject,
  checkpoint: Checkpoint,
  { inputs, outputs, runtime, files, variant }: NetworkCall,
): Promise<Record<string, FloatTensor> | undefined> {
  const { latents } = inputs;
  if (!latents || networkClassOf(json) !== 'AutoencoderKL' || latents.shape[0] !== 1) return;
  const config = parseAutoencoderKlConfig(json);
  const size = { height: latents.shape[2]!, width: latents.shape[3]! };
  const decoder = await loadTiledWhereNeeded({ runtime, files, variant }, checkpoint, config, size);
  if (!decoder) return;
  try {
    const sample = await decoder.decode(latents);
    return Object.fromEntries(outputs.map((name) => [name, sample]));
  } finally {
    await decoder.dispose();
  }
}

async function prepareTextEncoder(
  json: JsonObject,
  checkpoint: Checkpoint,
  { inputs, outputs, variant }: NetworkCall,
): Promise<PreparedCall> {
  const config = parseClipTextConfig(json);
  const { data, shape } = inputOf(inputs, 'input_ids');
  const [batch, length] = shape as [number, number];
  const graph = buildClipTextModel(config, checkpoint.tensors, {
    variant,
    length,
    outputs: outputs as ClipTextOutput[],
  });
  const rows = await checkpoint.readRows(tokenEmbeddingTensor, [...data]);
  const ends = Array.from({ length: batch }, (_, i) =>
    BigInt(endPosition(config, data.subarray(i * length, (i + 1) * length))),
  );
  const pooled = graph.inputs.some(({ name }) => name === 'end_position');
  return {
    graph,
    feeds: {
      token_embeddings: floatTensor([batch, length, config.hiddenSize], rows),
      ...(pooled ? { end_position: { dtype: 'i64', shape: [batch], data: BigInt64Array.from(ends) } } : {}),
    },
  };
}

function prepareImageNetwork(config: JsonObject, { tensors }: Checkpoint, call: NetworkCall): PreparedCall {
  const { inputs, outputs, variant } = call;
  const className = networkClassOf(config);
  if (className === 'UNet2DConditionModel') return prepareUNet(config, tensors, call);
  const input = inputs.image ? 'image' : 'latents';
  const { shape } = inputOf(inputs, input);
  const options: PictureGraphOptions = { variant, height: shape[2]!, width: shape[3]! };
  const feeds = { [input]: inputOf(inputs, input) };
  if (className === 'AutoencoderKL') {
    const parsed = parseAutoencoderKlConfig(config);
    if (input === 'latents') return { graph: buildAutoencoderKlDecoder(parsed, tensors, options), feeds };
    const wanted = outputs as AutoencoderKlEncoderOutput[];
    return { graph: buildAutoencoderKlEncoder(parsed, tensors, { ...options, outputs: wanted }), feeds };
  }
  if (className === 'AutoencoderTiny') {
    const parsed = parseAutoencoderTinyConfig(config);
    if (input === 'latents') return { graph: buildAutoencoderTinyDecoder(parsed, tensors, options), feeds };
    const wanted = outputs as AutoencoderTinyEncoderOutput[];
    return { graph: buildAutoencoderTinyEncoder(parsed, tensors, { ...options, outputs: wanted }), feeds };
  }
  const found = className || 'no class name';
  throw new EngineError('config-unsupported', `There is no network of class ${found}.`, {
    subject: '_class_name',
    found,
    wanted: 'UNet2DConditionModel, AutoencoderKL, AutoencoderTiny or a CLIP text encoder',
  });
}

function prepareUNet(
  json: JsonObject,
  tensors: Checkpoint['tensors'],
  { inputs, variant }: NetworkCall,
): PreparedCall {
  const config = parseUNet2DConditionConfig(json);
  const sample = inputOf(inputs, 'sample');
  const text = inputOf(inputs, 'encoder_hidden_states');
  const [batch, , height, width] = sample.shape as [number, number, number, number];
  const { data } = inputOf(inputs, 'timestep');
  // One timestep for all, or one each.
  const timesteps = Array.from({ length: batch }, (_, i) => data[data.length === 1 ? 0 : i]!);
  const graph = buildUNet2DConditionModel(config, tensors, {
    variant,
    height,
    width,
    textLength: text.shape[1]!,
  });
  const embedding = timestepEmbedding(config, timesteps);
  return {
    graph,
    feeds: {
      sample,
      encoder_hidden_states: text,
      timestep_embedding: floatTensor([batch, config.timestepChannels], embedding),
      ...(inputs.timestep_cond ? { timestep_cond: inputs.timestep_cond } : {}),
    },
    outputNames: { sample: 'out_sample' },
  };
}

function inputOf(inputs: Tensors, name: string): FloatTensor {
  const input = inputs[name];
  if (input) return input;
  throw new EngineError('tensor-missing', `The case records no input '${name}'.`, {
    subject: name,
    found: Object.keys(inputs).join(', '),
    wanted: name,
  });
}
