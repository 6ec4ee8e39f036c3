/**
 * The evaluation's own picture encoder (training/networks/picture_encoder.py): features for the Fréchet distance,
 * embeddings beside the text tower's for CLIP score and retrieval. Never part of a pipeline.
 */
import { EngineError } from '../src/engine/core/errors.ts';
import type { FloatTensor } from '../src/engine/core/tensor.ts';
import { floatTensor } from '../src/engine/core/tensor.ts';
import { convolutionLayer, groupNormLayer, linearLayer } from '../src/engine/networks/layers.ts';
import { NetworkModule, type TensorIndex } from '../src/engine/networks/network-module.ts';
import type { Graph, Value } from '../src/engine/onnx/graph.ts';
import { GraphBuilder } from '../src/engine/onnx/graph-builder.ts';
import { relu } from '../src/engine/onnx/ops/activation.ts';
import { add } from '../src/engine/onnx/ops/elementwise.ts';
import { reshape } from '../src/engine/onnx/ops/shape.ts';
import { joinPath, readJsonFile } from '../src/engine/pipeline/model-folder.ts';
import type { Picture } from '../src/engine/pipeline/picture.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';

interface PictureEncoderConfig {
  /** Channels of each level; every level halves the picture. */
  readonly widths: readonly number[];
  readonly groups: number;
  /** Size of the features, and of the embeddings. */
  readonly features: number;
  readonly embedding: number;
}

/** PyTorch's default. */
const normEpsilon = 1e-5;

export interface PictureEncoder {
  /** One row per picture of each: [features] and [embedding], not normalised. */
  encode(pictures: readonly Picture[]): Promise<PictureCodes>;
  /** The text tower's projection, [embedding, text width], row-major. */
  readonly textProjection: Float32Array;
  dispose(): Promise<void>;
}

export interface PictureCodes {
  readonly features: Float32Array[];
  readonly embeddings: Float32Array[];
}

/** @param sidePx of the square pictures @throws EngineError what the files and the runtime throw */
export async function loadPictureEncoder(
  runtime: Runtime,
  files: ModelFiles,
  folder: string,
  sidePx: number,
): Promise<PictureEncoder> {
  const config = parseConfig(await readJsonFile(files, joinPath(folder, 'config.json')));
  const checkpoint = await openCheckpoint(files, joinPath(folder, 'model'));
  const session = await runtime.createSession(buildGraph(config, checkpoint.tensors, sidePx), files);
  return {
    textProjection: await checkpoint.readTensor('text_projection.weight'),
    async encode(pictures) {
      const outputs = await session.run({ pixels: pixelsOf(pictures, sidePx) });
      return {
        features: rowsOf(outputs.features as FloatTensor),
        embeddings: rowsOf(outputs.embeddings as FloatTensor),
      };
    },
    dispose: () => session.dispose(),
  };
}

function parseConfig(json: Record<string, unknown>): PictureEncoderConfig {
  const { _class_name: className, widths, norm_num_groups: groups, features, embedding } = json;
  const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
  if (
    className !== 'PictureEncoder' ||
    !Array.isArray(widths) ||
    !widths.every(isCount) ||
    !isCount(groups) ||
    !isCount(features) ||
    !isCount(embedding)
  ) {
    throw new EngineError('config-invalid', 'This is no config of a picture encoder.', {
      subject: 'config.json',
      found: JSON.stringify(json).slice(0, 200),
      wanted: '_class_name PictureEncoder with widths, norm_num_groups, features and embedding',
    });
  }
  return { widths, groups, features, embedding };
}

/** in: pixels [B, 3, S, S], -1 to 1; out: features [B, features], embeddings [B, embedding] */
function buildGraph(config: PictureEncoderConfig, tensors: TensorIndex, sidePx: number): Graph {
  const { widths, groups } = config;
  const g = new GraphBuilder({ name: 'picture-encoder', dtype: 'f32' });
  const root = new NetworkModule(g, tensors);
  const norm = (m: NetworkModule, name: string, x: Value) =>
    relu(g, groupNormLayer(m, name, x, { groups, epsilon: normEpsilon }));
  let x = g.input('pixels', 'f32', ['batch', 3, sidePx, sidePx]);
  for (const [level, outputs] of widths.entries()) {
    x = convolutionLayer(root, `downs.${level}`, x, { outputs, kernel: 3, stride: 2, padding: 1 });
    x = root.child(`blocks.${level}`, (m) => {
      const h = convolutionLayer(m, 'conv1', norm(m, 'norm1', x), { outputs, kernel: 3 });
      return add(g, x, convolutionLayer(m, 'conv2', norm(m, 'norm2', h), { outputs, kernel: 3 }));
    });
  }
  const last = widths.at(-1)!;
  const pooled = g.apply({ operator: 'GlobalAveragePool', inputs: [norm(root, 'norm_out', x)] }, [
    'batch',
    last,
    1,
    1,
  ]);
  const features = linearLayer(root, 'features', reshape(g, pooled, ['batch', last]), config.features);
  g.output(features, 'features');
  g.output(linearLayer(root, 'projection', features, config.embedding, { bias: false }), 'embeddings');
  return g.build();
}

/** 8-bit RGBA to [B, 3, S, S] in -1 to 1. */
function pixelsOf(pictures: readonly Picture[], sidePx: number): FloatTensor {
  const area = sidePx * sidePx;
  const data = new Float32Array(pictures.length * 3 * area);
  for (const [b, { rgba }] of pictures.entries()) {
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) data[(b * 3 + c) * area + i] = rgba[4 * i + c]! / 127.5 - 1;
    }
  }
  return floatTensor([pictures.length, 3, sidePx, sidePx], data);
}

function rowsOf({ shape, data }: FloatTensor): Float32Array[] {
  const [count, width] = shape as [number, number];
  return Array.from({ length: count }, (_, i) => data.slice(i * width, (i + 1) * width));
}
