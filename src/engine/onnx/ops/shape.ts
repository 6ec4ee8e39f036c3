import { countElements, formatShape, isSymbolic, multiplyDimensions, sameShape } from '../dimension.ts';
import type { Dimension, Shape, Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

/** The same elements in row-major order under another shape; at most one symbolic size. */
export function reshape(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (countElements(x.shape) !== countElements(shape) || shape.filter(isSymbolic).length > 1) {
    throw g.invalid('Reshape', formatShape(x.shape), formatShape(shape));
  }
  const target = g.integers(shape.map((dimension) => (isSymbolic(dimension) ? -1 : dimension)));
  return g.apply({ operator: 'Reshape', inputs: [x, target] }, shape);
}

/** Output axis i is input axis `order[i]`. */
export function transpose(g: GraphBuilder, x: Value, order: readonly number[]): Value {
  if (order.length !== x.shape.length || new Set(order).size !== order.length) {
    throw g.invalid('Transpose', `order [${order}]`, `a permutation of the axes of ${formatShape(x.shape)}`);
  }
  const shape = order.map((axis) => x.shape[axis]!);
  return g.apply(
    { operator: 'Transpose', inputs: [x], attributes: { perm: { kind: 'ints', value: order } } },
    shape,
  );
}

export function concat(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const [first, ...rest] = values;
  if (!first || rest.length === 0) throw g.invalid('Concat', `${values.length} values`, 'two or more');
  let size: Dimension = first.shape[axis]!;
  for (const value of rest) {
    const fits = value.shape.every((dimension, i) => i === axis || dimension === first.shape[i]);
    if (!fits || value.shape.length !== first.shape.length || value.dtype !== first.dtype) {
      throw g.invalid('Concat', formatShape(value.shape), `${formatShape(first.shape)} but for axis ${axis}`);
    }
    const added: Dimension = value.shape[axis]!;
    if (isSymbolic(size) || isSymbolic(added)) {
      throw g.invalid('Concat', `${size} and ${added} along axis ${axis}`, 'plain numbers');
    }
    size += added;
  }
  const shape = first.shape.map((dimension, i) => (i === axis ? size : dimension));
  return g.apply(
    { operator: 'Concat', inputs: values, attributes: { axis: { kind: 'int', value: axis } } },
    shape,
  );
}

/** Elements [begin, end) along one axis. */
export function slice(g: GraphBuilder, x: Value, axis: number, begin: number, end: number): Value {
  const size = x.shape[axis];
  if (begin === 0 && end === size) return x;
  if (typeof size !== 'number' || begin < 0 || end > size || begin >= end) {
    throw g.invalid('Slice', `[${begin}, ${end}) along axis ${axis}`, `a part of ${formatShape(x.shape)}`);
  }
  const shape = x.shape.map((dimension, i) => (i === axis ? end - begin : dimension));
  const inputs = [x, g.integers([begin]), g.integers([end]), g.integers([axis])];
  return g.apply({ operator: 'Slice', inputs }, shape);
}

/** Equal parts along one axis. */
export function split(g: GraphBuilder, x: Value, axis: number, count: number): Value[] {
  const size = x.shape[axis];
  if (typeof size !== 'number' || size % count !== 0) {
    throw g.invalid('Split', formatShape(x.shape), `axis ${axis} divisible by ${count}`);
  }
  const shape = x.shape.map((dimension, i) => (i === axis ? size / count : dimension));
  return g.node({
    operator: 'Split',
    inputs: [x],
    outputs: Array.from({ length: count }, () => ({ dtype: x.dtype, shape })),
    attributes: { axis: { kind: 'int', value: axis }, num_outputs: { kind: 'int', value: count } },
  });
}

/**
 * One row of each batch entry.
 * @param x [B, L, C]
 * @param indices int64 [B], 0 to L - 1
 * @returns [B, C]
 */
export function gatherRows(g: GraphBuilder, x: Value, indices: Value): Value {
  const [batch, , channels] = x.shape;
  if (x.shape.length !== 3 || !sameShape(indices.shape, [batch!])) {
    throw g.invalid(
      'GatherND',
      `${formatShape(x.shape)} with ${formatShape(indices.shape)}`,
      '[B, L, C] with [B]',
    );
  }
  const inputs = [x, reshape(g, indices, [batch!, 1])];
  const attributes = { batch_dims: { kind: 'int', value: 1 } } as const;
  return g.apply({ operator: 'GatherND', inputs, attributes }, [batch!, channels!]);
}

/** Merges the axes before the last: [B, L, C] to [B*L, C]. */
export function flattenRows(g: GraphBuilder, x: Value): Value {
  const rows = x.shape.slice(0, -1).reduce<Dimension>(multiplyDimensions, 1);
  return reshape(g, x, [rows, x.shape.at(-1)!]);
}
