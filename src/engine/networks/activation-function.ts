/** Activation functions by the names that configs use. */
import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { gelu, quickGelu, relu, silu } from '../onnx/ops/activation.ts';

/** transformers' hidden_act; diffusers knows fewer. */
export const transformersActivations = [
  'silu',
  'swish',
  'relu',
  'gelu',
  'gelu_new',
  'gelu_pytorch_tanh',
  'quick_gelu',
] as const;

export type ActivationName = (typeof transformersActivations)[number];

/** diffusers' act_fn. */
export const diffusersActivations = [
  'silu',
  'swish',
  'relu',
  'gelu',
] as const satisfies readonly ActivationName[];

export function activate(g: GraphBuilder, x: Value, name: ActivationName): Value {
  switch (name) {
    case 'silu':
    case 'swish':
      return silu(g, x);
    case 'relu':
      return relu(g, x);
    case 'gelu':
      return gelu(g, x);
    case 'gelu_new':
    case 'gelu_pytorch_tanh':
      return gelu(g, x, 'tanh');
    case 'quick_gelu':
      return quickGelu(g, x);
  }
}
