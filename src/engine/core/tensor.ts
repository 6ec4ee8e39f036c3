import { EngineError } from './errors.ts';

/**
 * A dense row-major tensor in host memory. f16 crosses as raw bits (Uint16Array): what the backends take.
 * `shape` has no symbolic dimensions; a scalar's shape is [].
 */
export type Tensor =
  | { readonly dtype: 'f32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'f16'; readonly shape: readonly number[]; readonly data: Uint16Array }
  | { readonly dtype: 'i64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: 'i32'; readonly shape: readonly number[]; readonly data: Int32Array };

export type FloatTensor = Extract<Tensor, { dtype: 'f32' }>;

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** @throws EngineError 'argument-invalid' when the data's length isn't the shape's product. */
export function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  if (data.length !== elementCount(shape)) {
    throw new EngineError('argument-invalid', `A tensor of shape [${shape}] got ${data.length} values.`, {
      found: `${data.length}`,
      wanted: `${elementCount(shape)}`,
    });
  }
  return { dtype: 'f32', shape, data };
}
