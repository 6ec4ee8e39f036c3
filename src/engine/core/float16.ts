/**
 * IEEE half precision and bfloat16, by bits. Conversions work on blocks the caller owns, so that a large
 * tensor is never held twice.
 */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

const halfTable = buildHalfTable();

function buildHalfTable(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

/** The value of half-precision bits. */
export function halfToFloat(bits: number): number {
  return halfTable[bits]!;
}

/** The nearest half to a number, ties to even; beyond 65504 + half an ulp becomes infinity. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal half: adding 0.5 aligns the significand at 2^-24 and rounds to even on the way.
    scratchBits[0] = magnitude;
    scratch[0] = scratch[0]! + 0.5;
    return sign | (scratchBits[0]! - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** Widens `source` halves into `target`; both have the same length. */
export function halvesToFloats(source: Uint16Array, target: Float32Array): void {
  for (let i = 0; i < source.length; i++) target[i] = halfTable[source[i]!]!;
}

/** Narrows `source` floats into `target` halves; both have the same length. */
export function floatsToHalves(source: Float32Array, target: Uint16Array): void {
  for (let i = 0; i < source.length; i++) target[i] = floatToHalf(source[i]!);
}

/** Widens bfloat16 bits into `target`; both have the same length. */
export function bfloatsToFloats(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}
