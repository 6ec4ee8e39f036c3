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
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
  13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
];
const centreBottom = [
  5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
  5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
];
const tailTop = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const tailBottom = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
  0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
];
const farTop = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
  0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
];
const farBottom = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
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
