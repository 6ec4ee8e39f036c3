/** float32 to float16 in bulk: by the browser's own Float16Array where there is one, else by bits. */
import { floatsToHalves } from '../../engine/core/float16.ts';

type HalfArray = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length: number,
) => { set(source: Float32Array): void };

const { Float16Array: Native } = globalThis as { readonly Float16Array?: HalfArray };

const exponentBits = 0x7c00;
/** As the engine's own conversion writes it, whatever the browser makes of a NaN's payload. */
const quietNan = 0x7e00;

/**
 * Narrows `source` into `target`, nearest and ties to even; both have the same length.
 * @returns the index of the first finite number that float16 can't hold; undefined where all fit
 */
export function narrow(source: Float32Array, target: Uint16Array<ArrayBuffer>): number | undefined {
  if (Native) new Native(target.buffer, target.byteOffset, target.length).set(source);
  else floatsToHalves(source, target);
  for (let i = 0; i < target.length; i++) {
    const bits = target[i]!;
    if ((bits & exponentBits) !== exponentBits) continue;
    if (Number.isNaN(source[i]!)) target[i] = quietNan | signOf(source, i);
    else if (Number.isFinite(source[i]!)) return i;
  }
  return undefined;
}

/** The sign of an element, where float16 has it. */
function signOf(source: Float32Array, i: number): number {
  return (new Uint32Array(source.buffer, source.byteOffset + 4 * i, 1)[0]! >>> 16) & 0x8000;
}
