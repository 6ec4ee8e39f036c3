/** Inflates a zlib stream up to a limit: a few bytes of a hostile file can stand for gigabytes. */
import { Unzlib } from 'fflate';

/** How much is fed at once; one push can grow about a thousandfold. */
const blockBytes = 256;

/** @returns null for what is no zlib stream, is cut off, or inflates beyond `limitBytes` */
export function inflateWithin(
  compressed: Uint8Array<ArrayBuffer>,
  limitBytes: number,
): Uint8Array<ArrayBuffer> | null {
  const blocks: Uint8Array[] = [];
  let sizeBytes = 0;
  let ended = false;
  const stream = new Unzlib((block, final) => {
    sizeBytes += block.length;
    ended = final;
    if (sizeBytes <= limitBytes) blocks.push(block);
  });
  try {
    for (let i = 0; i < compressed.length && sizeBytes <= limitBytes; i += blockBytes) {
      stream.push(compressed.subarray(i, i + blockBytes), i + blockBytes >= compressed.length);
    }
  } catch {
    return null;
  }
  if (!ended || sizeBytes > limitBytes) return null;
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const block of blocks) {
    whole.set(block, offset);
    offset += block.length;
  }
  return whole;
}
