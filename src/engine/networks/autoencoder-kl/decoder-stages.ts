/**
 * The end of the KL decoder cut at its group norms: between two of them nothing looks further than one pixel, so
 * that a stage can run tile by tile once the norm's mean and variance over the whole picture are known.
 */
import type { Graph } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { add, multiply } from '../../onnx/ops/elementwise.ts';
import { upsampleNearest } from '../../onnx/ops/resize.ts';
import { slice } from '../../onnx/ops/shape.ts';
import { activate } from '../activation-function.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { convolutionLayer } from '../layers.ts';
import { NetworkModule, type TensorIndex } from '../network-module.ts';
import type { AutoencoderKlConfig } from './config.ts';

export interface DecoderStage {
  /** Of the convolution in the checkpoint: 'decoder.up_blocks.3.resnets.0.conv1'. */
  readonly path: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Rows and columns of output per row and column of input. */
  readonly enlargement: 1 | 2;
  /** The group norm before the convolution: 'decoder.up_blocks.3.resnets.0.norm1'. */
  readonly norm?: string | undefined;
  /** Channels of the block's own input, which the last stage of a residual block adds. */
  readonly residual?: number | undefined;
  /**
   * The graph for a tile of h x w, all float32:
   * - x [1, inputs, h + 2, w + 2]: the tile and one pixel around it, 0 outside the picture
   * - with a norm: factor, offset [1, inputs, 1, 1], x · factor + offset being the normalised values, and
   *   inside [1, 1, h + 2, w + 2], 1 inside the picture and 0 outside
   * - with a residual: residual [1, residual, h, w]
   * - out: y [1, outputs, enlargement · h, enlargement · w]
   */
  build(tensors: TensorIndex, tile: { readonly height: number; readonly width: number }): Graph;
}

/** The stages after `buildAutoencoderKlDecoderHead` with as many levels, in order. */
export function decoderStages(
  config: AutoencoderKlConfig,
  variant: GraphVariant,
  levels: number,
): readonly DecoderStage[] {
  const channelsByLevel = config.channels.toReversed();
  const stages: DecoderStage[] = [];
  const push = (stage: Omit<DecoderStage, 'build'>) =>
    stages.push({ ...stage, build: (tensors, tile) => buildStage(stage, config, variant, tensors, tile) });
  for (const [level, outputs] of channelsByLevel.entries()) {
    if (level < levels) continue;
    const block = `decoder.up_blocks.${level}`;
    for (let i = 0; i <= config.layers; i++) {
      const path = `${block}.resnets.${i}`;
      const inputs = i === 0 ? channelsByLevel[Math.max(0, level - 1)]! : outputs;
      push({ path: `${path}.conv1`, norm: `${path}.norm1`, inputs, outputs, enlargement: 1 });
      push({
        path: `${path}.conv2`,
        norm: `${path}.norm2`,
        inputs: outputs,
        outputs,
        enlargement: 1,
        residual: inputs,
      });
    }
    if (level < channelsByLevel.length - 1) {
      push({ path: `${block}.upsamplers.0.conv`, inputs: outputs, outputs, enlargement: 2 });
    }
  }
  push({
    path: 'decoder.conv_out',
    norm: 'decoder.conv_norm_out',
    inputs: channelsByLevel.at(-1)!,
    outputs: config.pictureChannels,
    enlargement: 1,
  });
  return stages;
}

function buildStage(
  { path, inputs, outputs, enlargement, norm, residual }: Omit<DecoderStage, 'build'>,
  config: AutoencoderKlConfig,
  variant: GraphVariant,
  tensors: TensorIndex,
  { height, width }: { readonly height: number; readonly width: number },
): Graph {
  const g = new GraphBuilder({ name: path, dtype: variant.dtype });
  const surrounded = [height + 2, width + 2] as const;
  let x = g.input('x', 'f32', [1, inputs, ...surrounded]);
  if (norm) {
    // In float32: the values of a picture-wide norm may be far apart. The padding's zeros come after it.
    const factor = g.input('factor', 'f32', [1, inputs, 1, 1]);
    const offset = g.input('offset', 'f32', [1, inputs, 1, 1]);
    const inside = g.input('inside', 'f32', [1, 1, ...surrounded]);
    const normal = add(g, multiply(g, x, factor), offset);
    x = multiply(g, activate(g, normal, config.activation), inside);
  }
  const split = path.lastIndexOf('.');
  const y = new NetworkModule(g, tensors).child(path.slice(0, split), (m) => {
    const narrow = g.cast(x, variant.dtype);
    const enlarged = enlargement === 1 ? narrow : upsampleNearest(g, narrow, enlargement);
    const layer = { outputs, kernel: 3, padding: 0 };
    const h = withoutBorder(g, convolutionLayer(m, path.slice(split + 1), enlarged, layer), {
      height: enlargement * height,
      width: enlargement * width,
    });
    if (residual === undefined) return h;
    const own = g.floatInput('residual', [1, residual, height, width]);
    const shortcut =
      residual === outputs ? own : convolutionLayer(m, 'conv_shortcut', own, { outputs, kernel: 1 });
    return add(g, shortcut, h);
  });
  g.output(y, 'y');
  return g.build();
}

/** The middle of a map that is larger by the same at all sides. */
function withoutBorder(
  g: GraphBuilder,
  x: ReturnType<typeof slice>,
  { height, width }: { readonly height: number; readonly width: number },
): ReturnType<typeof slice> {
  const top = ((x.shape[2] as number) - height) / 2;
  const left = ((x.shape[3] as number) - width) / 2;
  return slice(g, slice(g, x, 2, top, top + height), 3, left, left + width);
}
