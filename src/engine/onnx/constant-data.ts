/** Numbers as the little-endian bytes of a tensor. Every host that runs this is little-endian. */
import { floatToHalf, halfToFloat } from '../core/float16.ts';

export type ConstantDType = 'f32' | 'f16' | 'i64';

export function encodeConstant(dtype: ConstantDType, values: ArrayLike<number>): Uint8Array {
  if (dtype === 'f32') return new Uint8Array(Float32Array.from(values).buffer);
  if (dtype === 'f16') return new Uint8Array(Uint16Array.from(values, floatToHalf).buffer);
  return new Uint8Array(BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!)).buffer);
}

export function decodeConstant(dtype: ConstantDType, bytes: Uint8Array): number[] {
  const buffer = bytes.slice().buffer;
  if (dtype === 'f32') return [...new Float32Array(buffer)];
  if (dtype === 'f16') return Array.from(new Uint16Array(buffer), halfToFloat);
  return Array.from(new BigInt64Array(buffer), Number);
}
