/** A made-up diffusers folder of a few hundred kilobytes, for downloads: small enough to fetch a hundred times. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes that don't repeat, the same at every run. */
export function patternBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** A safetensors file of float32 tensors with finite values, an integer one between them, and odd sizes. */
export function safetensorsBytes(tensors: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer> {
  const fields: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  const parts: Uint8Array[] = [];
  for (const [i, [name, length]] of Object.entries(tensors).entries()) {
    const integers = name.endsWith('ids');
    const values = integers
      ? BigInt64Array.from({ length }, (_, k) => BigInt(k))
      : Float32Array.from({ length }, (_, k) => Math.sin(k * 0.7 + i) * 3);
    parts.push(new Uint8Array(values.buffer));
    fields[name] = {
      dtype: integers ? 'I64' : 'F32',
      shape: [length],
      data_offsets: [end, end + values.byteLength],
    };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(fields));
  const file = new Uint8Array(8 + json.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  let at = 8 + json.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

export function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
