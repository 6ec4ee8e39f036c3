/** Safetensors files, right and wrong, as bytes. */

export interface TensorBytes {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: ArrayBufferView;
}

/** A file whose header is any text and whose data are any bytes. */
export function safetensorsFrom(
  header: string | Uint8Array,
  data: Uint8Array,
  headerLength?: bigint,
): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

/** A well-formed file, tensors in the order given. */
export function safetensorsOf(tensors: Readonly<Record<string, TensorBytes>>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const data: number[] = [];
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    const begin = data.length;
    data.push(...new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    header[name] = { dtype, shape, data_offsets: [begin, data.length] };
  }
  return safetensorsFrom(JSON.stringify(header), new Uint8Array(data));
}
