/** PNG chunks as other programs write them, for tests of what the page reads. */
import { crc32 } from 'node:zlib';

/** A whole chunk: length, type, data, checksum. */
export function pngChunk(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length - 4, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Uint8Array.from(Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]));
}

/** The PNG with a chunk after its header. */
export function withChunks(png: Uint8Array, ...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]));
}
