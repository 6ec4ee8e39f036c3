/** The self-test's known answers, computed plainly in float64. Arrays are row-major. */

/** softmax(q kᵀ / sqrt(width)) v per head. @param q [B, Lq, C] @param k, v [B, Lk, C] @returns [B, Lq, C] */
export function attentionReference(
  q: Float32Array,
  k: Float32Array,
  v: Float32Array,
  { batch, queries, keys, heads, width, causal }: AttentionShape,
): Float32Array {
  const channels = heads * width;
  const result = new Float32Array(batch * queries * channels);
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < queries; i++) {
        const row = (b * queries + i) * channels + head * width;
        const seen = causal ? i + 1 : keys;
        const scores = Array.from({ length: seen }, (_, j) => {
          const column = (b * keys + j) * channels + head * width;
          let sum = 0;
          for (let c = 0; c < width; c++) sum += q[row + c]! * k[column + c]!;
          return sum / Math.sqrt(width);
        });
        const weights = softmax(scores);
        for (let c = 0; c < width; c++) {
          let sum = 0;
          for (let j = 0; j < seen; j++)
            sum += weights[j]! * v[(b * keys + j) * channels + head * width + c]!;
          result[row + c] = sum;
        }
      }
    }
  }
  return result;
}

export interface AttentionShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  /** Channels of one head. */
  readonly width: number;
  readonly causal: boolean;
}

function softmax(values: readonly number[]): number[] {
  const highest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Zero padding of half the kernel. @param x [I, n, n] @param weight [O, I, k, k] @returns [O, n/stride, n/stride] */
export function convReference(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  { size, kernel, stride }: { readonly size: number; readonly kernel: number; readonly stride: number },
): Float32Array {
  const outputs = bias.length;
  const inputs = x.length / size ** 2;
  const pad = (kernel - 1) / 2;
  const outputSize = Math.ceil(size / stride);
  const result = new Float32Array(outputs * outputSize ** 2);
  for (let o = 0; o < outputs; o++) {
    for (let y = 0; y < outputSize; y++) {
      for (let z = 0; z < outputSize; z++) {
        let sum = bias[o]!;
        for (let c = 0; c < inputs; c++) {
          for (let dy = 0; dy < kernel; dy++) {
            const row = y * stride + dy - pad;
            if (row < 0 || row >= size) continue;
            for (let dz = 0; dz < kernel; dz++) {
              const column = z * stride + dz - pad;
              if (column < 0 || column >= size) continue;
              sum +=
                x[(c * size + row) * size + column]! *
                weight[((o * inputs + c) * kernel + dy) * kernel + dz]!;
            }
          }
        }
        result[(o * outputSize + y) * outputSize + z] = sum;
      }
    }
  }
  return result;
}

/** x · weightᵀ + bias. @param x [rows, I] @param weight [O, I] @returns [rows, O] */
export function linearReference(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const inputs = weight.length / bias.length;
  return Float32Array.from({ length: (x.length / inputs) * bias.length }, (_, at) => {
    const o = at % bias.length;
    const row = Math.floor(at / bias.length) * inputs;
    let sum = bias[o]!;
    for (let i = 0; i < inputs; i++) sum += x[row + i]! * weight[o * inputs + i]!;
    return sum;
  });
}

/** Each run of `length` values to mean 0 and variance 1: group and layer norm without their affine part. */
export function normalizeReference(x: Float32Array, length: number, epsilon: number): Float32Array {
  const result = new Float32Array(x.length);
  for (let begin = 0; begin < x.length; begin += length) {
    const part = x.subarray(begin, begin + length);
    const mean = part.reduce((sum, value) => sum + value, 0) / length;
    const variance = part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
    for (let i = 0; i < length; i++) result[begin + i] = (part[i]! - mean) / Math.sqrt(variance + epsilon);
  }
  return result;
}

/** Every pixel twice in both directions. @param x [C, n, n] */
export function upsampleReference(x: Float32Array, size: number): Float32Array {
  const wide = 2 * size;
  return Float32Array.from({ length: 4 * x.length }, (_, at) => {
    const plane = Math.floor(at / wide ** 2);
    const row = Math.floor(at / wide) % wide;
    return x[(plane * size + (row >> 1)) * size + ((at % wide) >> 1)]!;
  });
}

/** x Phi(x), Phi by its integral, Simpson's rule: good to 1e-9. */
export function geluReference(x: Float32Array): Float32Array {
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  return x.map((value) => {
    const intervals = 128;
    const width = value / intervals;
    let sum = density(0) + density(value);
    for (let i = 1; i < intervals; i++) sum += (i % 2 ? 4 : 2) * density(i * width);
    return value * (0.5 + (sum * width) / 3);
  });
}

/** x sigmoid(alpha x): silu with 1, quick gelu with 1.702. */
export function sigmoidWeightedReference(x: Float32Array, alpha: number): Float32Array {
  return x.map((value) => value / (1 + Math.exp(-alpha * value)));
}
