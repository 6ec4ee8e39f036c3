/**
 * Seeded standard-normal noise, the same on every backend and in Node: one seed is one picture everywhere.
 * Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) gives the bits, the
 * inverse normal distribution function (Wichura's AS 241, PPND16) the values. Counter-based, so that a value
 * depends on (seed, stream, index) alone.
 */

const multiplierA = 0xd2511f53;
const multiplierB = 0xcd9e8d57;

/** The high and low 32 bits of a 32 x 32 bit product, without BigInt. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middleLow = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 65536) + (middleLow >>> 16)) >>> 0;
}

/** Ten rounds of Philox 4x32: counter (4 words) and key (2 words) to 4 random words. */
export function philox(counter: Uint32Array, keyLow: number, keyHigh: number, output: Uint32Array): void {
  let [c0, c1, c2, c3] = counter as unknown as [number, number, number, number];
  let k0 = keyLow;
  let k1 = keyHigh;
  for (let round = 0; round < 10; round++) {
    const highA = multiplyHigh(multiplierA, c0);
    const lowA = Math.imul(multiplierA, c0) >>> 0;
    const highB = multiplyHigh(multiplierB, c2);
    const lowB = Math.imul(multiplierB, c2) >>> 0;
    c0 = (highB ^ c1 ^ k0) >>> 0;
    c1 = lowB;
    c2 = (highA ^ c3 ^ k1) >>> 0;
    c3 = lowA;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  output[0] = c0;
  output[1] = c1;
  output[2] = c2;
  output[3] = c3;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

// AS 241, highest power first.
const centreTop = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
];
const centreBottom = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
];
const tailTop = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const tailBottom = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const farTop = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const farBottom = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
];

/** The standard normal quantile of p in (0, 1), relative error about 1e-16. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centreTop, r)) / polynomial(centreBottom, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    r <= 5
      ? polynomial(tailTop, r - 1.6) / polynomial(tailBottom, r - 1.6)
      : polynomial(farTop, r - 5) / polynomial(farBottom, r - 5);
  return q < 0 ? -value : value;
}

/** Streams keep draws of one seed apart: the initial latents, and each step of a stochastic sampler. */
export interface NoiseOptions {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** 0 for the initial latents, 1 + i for step i of a stochastic sampler. */
  readonly stream?: number;
}

/** `count` standard normal values, float32. */
export function gaussianNoise(count: number, { seed, stream = 0 }: NoiseOptions): Float32Array {
  const values = new Float32Array(count);
  const keyLow = seed >>> 0;
  const keyHigh = Math.floor(seed / 2 ** 32) >>> 0;
  const counter = new Uint32Array([0, 0, stream >>> 0, 0]);
  const bits = new Uint32Array(4);
  for (let i = 0; i < count; i += 2) {
    counter[0] = i >>> 1;
    philox(counter, keyLow, keyHigh, bits);
    for (let lane = 0; lane < 2 && i + lane < count; lane++) {
      // 52 random bits at the middle of their cell: never 0 or 1.
      const high = bits[2 * lane]! >>> 0;
      const low = bits[2 * lane + 1]! >>> 12;
      values[i + lane] = normalQuantile((high * 2 ** 20 + low + 0.5) * 2 ** -52);
    }
  }
  return values;
}
