/** One Euler step along a flow as a graph, so that latents need not leave the backend between evaluations. */
import type { Graph, Value } from '../onnx/graph.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { add, multiply } from '../onnx/ops/elementwise.ts';
import { concat, slice } from '../onnx/ops/shape.ts';

/**
 * in: state [1, C, h, w], the latents; out_sample [B, C, h, w], the network's output, of two entries the unconditional first;
 * dt and, for two, guidance_scale, [1]. out: the latents after the step as next_state, and as sample [B, C, h, w] for the next
 * evaluation. In float32, with the roundings of the samplers' own steps.
 * @param shape of the latents, [C, h, w]
 * @param batch 1, or 2 with guidance
 */
export function eulerStepGraph(shape: readonly number[], batch: 1 | 2): Graph {
  const g = new GraphBuilder({ name: `euler-step-${batch}`, dtype: 'f32' });
  const latents = g.floatInput('state', [1, ...shape]);
  const output = g.floatInput('out_sample', [batch, ...shape]);
  const dt = g.floatInput('dt', [1]);
  const velocity = batch === 1 ? output : guided(g, output);
  const after = add(g, latents, multiply(g, velocity, dt));
  g.output(after, 'next_state');
  g.output(batch === 1 ? after : concat(g, [after, after], 0), 'sample');
  return g.build();
}

/** unconditional + scale * (conditional - unconditional) */
function guided(g: GraphBuilder, output: Value): Value {
  const scale = g.floatInput('guidance_scale', [1]);
  const unconditional = slice(g, output, 0, 0, 1);
  const conditional = slice(g, output, 0, 1, 2);
  const difference = g.apply({ operator: 'Sub', inputs: [conditional, unconditional] }, unconditional.shape);
  return add(g, unconditional, multiply(g, difference, scale));
}
