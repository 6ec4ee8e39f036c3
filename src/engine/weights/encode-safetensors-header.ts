/** The bytes before a .safetensors file's tensors: the counterpart of safetensors-header.ts. */
import { type DType, dtypeSizes } from '../core/dtype.ts';
import { elementCount } from '../core/tensor.ts';

export interface NamedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** The header's end is a multiple of this, so that the tensors behind it begin aligned. */
const alignment = 8;

const spellings: Readonly<Record<DType, string>> = {
  f64: 'F64',
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i64: 'I64',
  i32: 'I32',
  u8: 'U8',
  bool: 'BOOL',
};

export function tensorBytes({ dtype, shape }: Pick<NamedTensor, 'dtype' | 'shape'>): number {
  return elementCount(shape) * dtypeSizes[dtype];
}

/**
 * @param tensors in the order in which their bytes follow, without gaps
 * @returns length and JSON, padded with spaces
 */
export function encodeSafetensorsHeader(tensors: readonly NamedTensor[]): Uint8Array<ArrayBuffer> {
  // transformers wants to be told whose tensors these are.
  const fields: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let begin = 0;
  for (const tensor of tensors) {
    const end = begin + tensorBytes(tensor);
    fields[tensor.name] = {
      dtype: spellings[tensor.dtype],
      shape: tensor.shape,
      data_offsets: [begin, end],
    };
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(fields));
  const length = Math.ceil((8 + json.length) / alignment) * alignment - 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}
