import { formatShape } from '../dimension.ts';
import type { Shape, Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export interface ConvolutionOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros around the picture: one number, or [top, left, bottom, right]. Default 0. */
  readonly padding?: number | readonly [number, number, number, number];
}

/**
 * Two-dimensional convolution.
 * @param x [B, I, H, W]
 * @param weight [O, I, kH, kW]
 * @param bias [O]
 * @returns [B, O, H', W']
 */
export function conv(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  bias: Value | undefined,
  { stride = 1, padding = 0 }: ConvolutionOptions = {},
): Value {
  const pads = typeof padding === 'number' ? [padding, padding, padding, padding] : [...padding];
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const [outputChannels, inputChannels, kernelHeight, kernelWidth] = weight.shape;
  const [batch, channels, height, width] = x.shape;
  if (
    typeof height !== 'number' ||
    typeof width !== 'number' ||
    typeof kernelHeight !== 'number' ||
    typeof kernelWidth !== 'number' ||
    channels !== inputChannels
  ) {
    throw g.invalid(
      'Conv',
      `input ${formatShape(x.shape)}`,
      `[B, I, H, W] for weight ${formatShape(weight.shape)}`,
    );
  }
  if (bias && bias.shape[0] !== outputChannels) {
    throw g.invalid('Conv', `bias ${formatShape(bias.shape)}`, `[${outputChannels}]`);
  }
  const outputSize = (size: number, before: number, after: number, kernel: number) =>
    Math.floor((size + before + after - kernel) / stride) + 1;
  const shape: Shape = [
    batch!,
    outputChannels!,
    outputSize(height, top, bottom, kernelHeight),
    outputSize(width, left, right, kernelWidth),
  ];
  if ((shape[2] as number) < 1 || (shape[3] as number) < 1) {
    throw g.invalid(
      'Conv',
      `input ${formatShape(x.shape)}`,
      `at least ${kernelHeight}x${kernelWidth} after padding`,
    );
  }
  return g.apply(
    {
      operator: 'Conv',
      inputs: bias ? [x, weight, bias] : [x, weight],
      attributes: {
        kernel_shape: { kind: 'ints', value: [kernelHeight, kernelWidth] },
        pads: { kind: 'ints', value: pads },
        strides: { kind: 'ints', value: [stride, stride] },
      },
    },
    shape,
  );
}
