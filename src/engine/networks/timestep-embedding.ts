/** Sinusoidal timestep embedding (diffusers, models/embeddings.py, get_timestep_embedding). */

export interface TimestepEmbeddingConfig {
  /** C0, the first level's channels. */
  readonly timestepChannels: number;
  /** Cosines first; false puts the sines first. */
  readonly flipSinToCos: boolean;
  readonly frequencyShift: number;
}

const longestPeriod = 10000;

/**
 * Computed outside the graph: GPUs' sines are only good to 2e-4. Timesteps may be fractional or beyond the
 * training range (1000 is a flow's first): they are used as they are, in float32.
 * @param timesteps one per batch entry
 * @returns [B, C0], float32
 */
export function timestepEmbedding(
  { timestepChannels, flipSinToCos, frequencyShift }: TimestepEmbeddingConfig,
  timesteps: readonly number[],
): Float32Array {
  const half = Math.floor(timestepChannels / 2);
  const embedding = new Float32Array(timesteps.length * timestepChannels);
  for (const [row, timestep] of timesteps.entries()) {
    for (let k = 0; k < half; k++) {
      // Rounded where the original rounds: it holds exponents, frequencies and angles in float32.
      const exponent = Math.fround(
        Math.fround(-Math.log(longestPeriod) * k) / Math.fround(half - frequencyShift),
      );
      const angle = Math.fround(Math.fround(timestep) * Math.fround(Math.exp(exponent)));
      const begin = row * timestepChannels;
      embedding[begin + k] = flipSinToCos ? Math.cos(angle) : Math.sin(angle);
      embedding[begin + half + k] = flipSinToCos ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return embedding;
}
