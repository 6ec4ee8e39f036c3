import type { ClipTextConfig } from './config.ts';

/** transformers' value for configs that are older than the field's meaning. */
const legacyEndToken = 2;

/**
 * Where the pooled output is taken: at the first end token. Old configs say 2, which is no such token in CLIP's
 * vocabulary and stands for the largest id, the end token's there; the first of several counts. Without an end
 * token it is position 0, as in transformers.
 * @param ids one sequence of token ids
 */
export function endPosition({ endToken }: Pick<ClipTextConfig, 'endToken'>, ids: ArrayLike<number>): number {
  const sequence = Array.from(ids);
  const wanted = endToken === legacyEndToken ? sequence.reduce((a, b) => Math.max(a, b), 0) : endToken;
  return Math.max(0, sequence.indexOf(wanted));
}
