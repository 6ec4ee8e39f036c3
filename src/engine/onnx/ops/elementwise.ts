import { formatShape } from '../dimension.ts';
import type { Dimension, Shape, Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

/** a + b, broadcast. */
export function add(g: GraphBuilder, a: Value, b: Value): Value {
  return binary(g, 'Add', a, b);
}

/** a * b, broadcast. */
export function multiply(g: GraphBuilder, a: Value, b: Value): Value {
  return binary(g, 'Mul', a, b);
}

/** x * factor; x itself for 1. */
export function scale(g: GraphBuilder, x: Value, factor: number): Value {
  return factor === 1 ? x : multiply(g, x, scalar(g, x, factor));
}

/** x + offset; x itself for 0. */
export function shift(g: GraphBuilder, x: Value, offset: number): Value {
  return offset === 0 ? x : add(g, x, scalar(g, x, offset));
}

/** x limited to [minimum, maximum]. */
export function clip(g: GraphBuilder, x: Value, minimum: number, maximum: number): Value {
  return g.apply({ operator: 'Clip', inputs: [x, scalar(g, x, minimum), scalar(g, x, maximum)] }, x.shape);
}

/** e^x */
export function exp(g: GraphBuilder, x: Value): Value {
  return g.apply({ operator: 'Exp', inputs: [x] }, x.shape);
}

/** A constant of the type of `like`. */
function scalar(g: GraphBuilder, like: Value, value: number): Value {
  return g.constant([value], [], like.dtype === 'f16' ? 'f16' : 'f32');
}

function binary(g: GraphBuilder, operator: string, a: Value, b: Value): Value {
  if (a.dtype !== b.dtype) throw g.invalid(operator, `${a.dtype} with ${b.dtype}`, 'one type');
  const shape = broadcast(a.shape, b.shape);
  if (!shape) {
    throw g.invalid(
      operator,
      `${formatShape(a.shape)} with ${formatShape(b.shape)}`,
      'shapes that broadcast',
    );
  }
  return g.apply({ operator, inputs: [a, b] }, shape);
}

/** ONNX' (numpy's) broadcasting; undefined where the shapes don't fit. */
function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}
