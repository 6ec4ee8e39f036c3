import type { Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export function relu(g: GraphBuilder, x: Value): Value {
  return g.apply({ operator: 'Relu', inputs: [x] }, x.shape);
}

export function tanh(g: GraphBuilder, x: Value): Value {
  return g.apply({ operator: 'Tanh', inputs: [x] }, x.shape);
}

/** x * sigmoid(alpha * x), as one kernel on every backend. */
function sigmoidWeighted(g: GraphBuilder, x: Value, alpha: number): Value {
  const attributes = { alpha: { kind: 'float', value: alpha } } as const;
  return g.apply({ operator: 'QuickGelu', domain: 'com.microsoft', inputs: [x], attributes }, x.shape);
}

/** x * sigmoid(x), also called swish. */
export function silu(g: GraphBuilder, x: Value): Value {
  return sigmoidWeighted(g, x, 1);
}

/** x * sigmoid(1.702 x): OpenAI's approximation of gelu. */
export function quickGelu(g: GraphBuilder, x: Value): Value {
  return sigmoidWeighted(g, x, 1.702);
}

/** x * Phi(x); 'none' with the exact normal distribution function, 'tanh' with its usual approximation. */
export function gelu(g: GraphBuilder, x: Value, approximate: 'none' | 'tanh' = 'none'): Value {
  const attributes = { approximate: { kind: 'string', value: approximate } } as const;
  return g.apply({ operator: 'Gelu', inputs: [x], attributes }, x.shape);
}
