/**
 * UNet2DConditionModel (diffusers, models/unets/unet_2d_condition.py, unet_2d_blocks.py): a path down through the
 * resolutions, a middle, and a path up that takes up what the path down left at each layer.
 */
import { EngineError } from '../../core/errors.ts';
import type { Dimension, Graph, Value } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { add, scale, shift } from '../../onnx/ops/elementwise.ts';
import { upsampleNearest } from '../../onnx/ops/resize.ts';
import { concat, slice } from '../../onnx/ops/shape.ts';
import { activate } from '../activation-function.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { convolutionLayer, groupNormLayer, linearLayer } from '../layers.ts';
import { NetworkModule, type TensorIndex } from '../network-module.ts';
import { resnetBlock } from '../resnet-block.ts';
import type { UNet2DConditionConfig, UNetLevel } from './config.ts';
import { projectedStates, type TextSource } from './text-source.ts';
import { type TransformerContext, transformer2D } from './transformer-2d.ts';

export interface UNet2DConditionGraphOptions {
  readonly variant: GraphVariant;
  /** Default 'batch', known when the session runs: guidance and single passes share a session. */
  readonly batch?: Dimension;
  /** Of the latents. */
  readonly height: number;
  readonly width: number;
  /** Tokens of the text: 77. */
  readonly textLength: number;
}

/**
 * in: sample [B, inputChannels, H, W]; timestep_embedding [B, C0], see timestepEmbedding;
 * encoder_hidden_states [B, textLength, textChannels]; timestep_cond [B, timestepConditionChannels] where the
 * config has it. out: sample [B, outputChannels, H, W].
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'argument-invalid' for a size too small to halve
 */
export function buildUNet2DConditionModel(
  config: UNet2DConditionConfig,
  tensors: TensorIndex,
  options: UNet2DConditionGraphOptions,
): Graph {
  const { batch = 'batch', textLength } = options;
  return buildWithText(config, tensors, options, (g) =>
    projectedStates(g, g.floatInput('encoder_hidden_states', [batch, textLength, config.textChannels])),
  );
}

/** The same with the attentions' text from wherever `textOf` says, which may add graph inputs for it. */
export function buildWithText(
  config: UNet2DConditionConfig,
  tensors: TensorIndex,
  options: UNet2DConditionGraphOptions,
  textOf: (g: GraphBuilder) => TextSource,
): Graph {
  const { variant, batch = 'batch', height, width } = options;
  assertSize('height', height);
  assertSize('width', width);
  const g = new GraphBuilder({ name: 'unet-2d-condition', dtype: variant.dtype });
  const root = new NetworkModule(g, tensors);
  const sample = g.floatInput('sample', [batch, config.inputChannels, height, width]);
  const time = timeEmbedding(root, config, batch);
  const network = new UNet(root, config, time, {
    variant,
    batch,
    normGroups: config.normGroups,
    upcastAttention: config.upcastAttention,
    text: textOf(g),
  });
  g.output(network.build(sample), 'out_sample');
  return g.build();
}

/** @returns the embedded timestep as the residual blocks want it, after their activation: [B, timeChannels] */
function timeEmbedding(root: NetworkModule, config: UNet2DConditionConfig, batch: Dimension): Value {
  const g = root.graph;
  const { activation, timeChannels, timestepConditionChannels, timeActivation, timePostActivation } = config;
  let x = g.floatInput('timestep_embedding', [batch, config.timestepChannels]);
  const embedded = root.child('time_embedding', (m) => {
    if (timestepConditionChannels !== undefined) {
      const condition = g.floatInput('timestep_cond', [batch, timestepConditionChannels]);
      x = add(g, x, linearLayer(m, 'cond_proj', condition, config.timestepChannels, { bias: false }));
    }
    const hidden = activate(g, linearLayer(m, 'linear_1', x, timeChannels), activation);
    const output = linearLayer(m, 'linear_2', hidden, timeChannels);
    return timePostActivation ? activate(g, output, timePostActivation) : output;
  });
  const adjusted = timeActivation ? activate(g, embedded, timeActivation) : embedded;
  return activate(g, adjusted, activation);
}

/** The network while it is built, with the skips that wait for the path up. */
class UNet {
  readonly #root: NetworkModule;
  readonly #config: UNet2DConditionConfig;
  readonly #time: Value;
  readonly #context: TransformerContext;
  readonly #skips: Value[] = [];

  constructor(root: NetworkModule, config: UNet2DConditionConfig, time: Value, context: TransformerContext) {
    this.#root = root;
    this.#config = config;
    this.#time = time;
    this.#context = context;
  }

  build(sample: Value): Value {
    const { down, up, centerInput, inputKernel, outputKernel, outputChannels } = this.#config;
    const { normGroups, normEpsilon, activation } = this.#config;
    const g = this.#root.graph;
    const centred = centerInput ? shift(g, scale(g, sample, 2), -1) : sample;
    let x = convolutionLayer(this.#root, 'conv_in', centred, {
      outputs: down[0]!.channels,
      kernel: inputKernel,
    });
    this.#skips.push(x);
    down.forEach((level, i) => {
      x = this.#root.child(`down_blocks.${i}`, (m) => this.#down(m, x, level, i === down.length - 1));
    });
    if (this.#config.middle) x = this.#root.child('mid_block', (m) => this.#middle(m, x));
    up.forEach((level, i) => {
      x = this.#root.child(`up_blocks.${i}`, (m) => this.#up(m, x, level, i === up.length - 1));
    });
    x = groupNormLayer(this.#root, 'conv_norm_out', x, { groups: normGroups, epsilon: normEpsilon });
    return convolutionLayer(this.#root, 'conv_out', activate(g, x, activation), {
      outputs: outputChannels,
      kernel: outputKernel,
    });
  }

  #down(m: NetworkModule, input: Value, level: UNetLevel, last: boolean): Value {
    let x = input;
    for (let i = 0; i < level.layers; i++) {
      x = this.#layer(m, i, x, level);
      this.#skips.push(x);
    }
    if (last) return x;
    x = convolutionLayer(m, 'downsamplers.0.conv', x, { outputs: level.channels, kernel: 3, stride: 2 });
    this.#skips.push(x);
    return x;
  }

  #middle(m: NetworkModule, input: Value): Value {
    const { down, middle } = this.#config;
    const { channels } = down.at(-1)!;
    const { transformer, outputScale } = middle!;
    const x = this.#resnet(m, 'resnets.0', input, channels, outputScale);
    if (!transformer) return x;
    const attended = transformer2D(m, 'attentions.0', x, transformer, this.#context);
    return this.#resnet(m, 'resnets.1', attended, channels, outputScale);
  }

  #up(m: NetworkModule, input: Value, level: UNetLevel, last: boolean): Value {
    const g = m.graph;
    let x = input;
    for (let i = 0; i < level.layers; i++) {
      x = this.#layer(m, i, concat(g, [x, this.#skips.pop()!], 1), level);
    }
    if (last) return x;
    const [, , height, width] = this.#skips.at(-1)!.shape as [Dimension, number, number, number];
    return m.child('upsamplers.0', (upsampler) => {
      const enlarged = upsampleTo(upsampler, x, height, width);
      return convolutionLayer(upsampler, 'conv', enlarged, { outputs: level.channels, kernel: 3 });
    });
  }

  #layer(m: NetworkModule, i: number, x: Value, { channels, transformer }: UNetLevel): Value {
    const residual = this.#resnet(m, `resnets.${i}`, x, channels);
    return transformer ? transformer2D(m, `attentions.${i}`, residual, transformer, this.#context) : residual;
  }

  #resnet(m: NetworkModule, name: string, x: Value, channels: number, outputScale = 1): Value {
    const { activation, normGroups, normEpsilon, timeScaleShift } = this.#config;
    const time = { embedding: this.#time, scaleShift: timeScaleShift };
    return resnetBlock(m, name, x, { channels, activation, normGroups, normEpsilon, time, outputScale });
  }
}

/**
 * Nearest-neighbour enlargement to the size of the waiting skip. Halving rounds up, so that size is twice ours or
 * one less, and for one less the nearest pixels are those of the doubled picture without its last row or column.
 */
function upsampleTo(m: NetworkModule, x: Value, height: number, width: number): Value {
  const doubled = upsampleNearest(m.graph, x, 2);
  return slice(m.graph, slice(m.graph, doubled, 2, 0, height), 3, 0, width);
}

function assertSize(subject: string, size: number): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new EngineError('argument-invalid', `U-Net: ${subject} is ${size}, wanted a whole number from 1.`, {
    subject,
    found: `${size}`,
    wanted: 'a whole number from 1',
  });
}
