/** The residual block of all diffusion networks and KL autoencoders (diffusers, models/resnet.py). */
import type { Value } from '../onnx/graph.ts';
import { add, multiply, scale, shift } from '../onnx/ops/elementwise.ts';
import { reshape, split } from '../onnx/ops/shape.ts';
import { type ActivationName, activate } from './activation-function.ts';
import { type ChannelParts, convolutionOfParts, groupNormOfParts } from './channel-parts.ts';
import { channelsOf, convolutionLayer, groupNormLayer, linearLayer } from './layers.ts';
import type { NetworkModule } from './network-module.ts';

export interface ResnetBlockOptions {
  readonly channels: number;
  readonly activation: ActivationName;
  readonly normGroups: number;
  readonly normEpsilon: number;
  /** The embedded timestep after the activation, [B, T], and how it enters; undefined in autoencoders. */
  readonly time?: { readonly embedding: Value; readonly scaleShift: 'default' | 'scale_shift' } | undefined;
  /** The output is divided by this; default 1. */
  readonly outputScale?: number;
}

/**
 * @param x [B, C, H, W]; or its parts, where a convolution is its shortcut
 * @returns [B, channels, H, W]
 */
export function resnetBlock(
  parent: NetworkModule,
  name: string,
  x: Value | ChannelParts,
  options: ResnetBlockOptions,
): Value {
  const { channels, activation, normGroups, normEpsilon, time, outputScale = 1 } = options;
  const norm = { groups: normGroups, epsilon: normEpsilon };
  return parent.child(name, (m) => {
    const g = m.graph;
    const parts = [x].flat();
    // Before all else, as runtimes take the order: a wide input needn't be held until the end.
    const shortcut =
      parts.length === 1 && channelsOf(parts[0]!) === channels
        ? parts[0]!
        : convolutionOfParts(m, 'conv_shortcut', parts, { outputs: channels, kernel: 1 });
    const normal = groupNormOfParts(m, 'norm1', parts, norm).map((part) => activate(g, part, activation));
    let h = convolutionOfParts(m, 'conv1', normal, { outputs: channels, kernel: 3 });
    const perChannel = (value: Value) => reshape(g, value, [value.shape[0]!, channels, 1, 1]);
    if (time?.scaleShift === 'default') {
      h = add(g, h, perChannel(linearLayer(m, 'time_emb_proj', time.embedding, channels)));
    }
    h = groupNormLayer(m, 'norm2', h, norm);
    if (time?.scaleShift === 'scale_shift') {
      const projected = linearLayer(m, 'time_emb_proj', time.embedding, 2 * channels);
      const [factor, offset] = split(g, projected, 1, 2).map(perChannel);
      h = add(g, multiply(g, h, shift(g, factor!, 1)), offset!);
    }
    h = convolutionLayer(m, 'conv2', activate(g, h, activation), { outputs: channels, kernel: 3 });
    return scale(g, add(g, shortcut, h), 1 / outputScale);
  });
}
