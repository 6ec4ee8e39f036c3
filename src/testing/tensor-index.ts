import { elementCount } from '../engine/core/tensor.ts';
import type { TensorIndex } from '../engine/networks/network-module.ts';
import type { TensorEntry } from '../engine/weights/tensor-entry.ts';

/** Float32 tensors of the given shapes, one after the other in 'weights'; for graphs that are only looked at. */
export function tensorIndex(shapes: Readonly<Record<string, readonly number[]>>): TensorIndex {
  let begin = 0;
  const entries = new Map<string, TensorEntry>();
  for (const [name, shape] of Object.entries(shapes)) {
    const end = begin + 4 * elementCount(shape);
    entries.set(name, { name, dtype: 'f32', shape, file: 'weights', begin, end });
    begin = end;
  }
  return entries;
}
