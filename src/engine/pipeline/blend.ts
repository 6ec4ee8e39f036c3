/** Two inputs of a picture mixed into one, so that a weight can be dragged from the one to the other. */

/** (1 - w) a + w b, in float32: for hidden states, whose mixtures are read as something between. */
export function blendLinearly(a: Float32Array, b: Float32Array, weight: number): Float32Array {
  return combine(a, b, 1 - weight, weight);
}

/**
 * Spherical interpolation (Shoemake, "Animating rotation with quaternion curves", 1985): for unit noise, whose
 * length a linear mixture would shrink (by 0.7 half-way), which the networks have never seen.
 * Parallel inputs are mixed linearly.
 */
export function blendSpherically(a: Float32Array, b: Float32Array, weight: number): Float32Array {
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  const cosine = Math.min(Math.max(dot(a, b) / (lengthA * lengthB), -1), 1);
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return blendLinearly(a, b, weight);
  return combine(a, b, Math.sin((1 - weight) * angle) / sine, Math.sin(weight * angle) / sine);
}

function combine(a: Float32Array, b: Float32Array, shareA: number, shareB: number): Float32Array {
  return a.map((value, i) => shareA * value + shareB * b[i]!);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
