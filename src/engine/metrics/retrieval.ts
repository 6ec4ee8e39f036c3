/** Whether a picture's own prompt is among the k nearest of all prompts: what a picture shows, as a share. */
import { EngineError } from '../core/errors.ts';
import { assertSameSpace, cosineSimilarity } from './clip-score.ts';
import { type FeatureTable, featureRow } from './feature-table.ts';

/**
 * The rank, from 1, of each picture's own prompt among all prompts by cosine. A tie counts against it, so that a
 * picture alike to all prompts is no success; a cosine that is NaN ranks last.
 * @param ownPrompt row of the prompt of each picture; missing: the picture's own row
 * @throws EngineError 'argument-invalid'
 */
export function retrievalRanks(
  pictures: FeatureTable,
  prompts: FeatureTable,
  ownPrompt: readonly number[] = Array.from({ length: pictures.count }, (_, i) => i),
): number[] {
  assertSameSpace(pictures, prompts);
  const isRow = (row: number) => Number.isInteger(row) && row >= 0 && row < prompts.count;
  if (ownPrompt.length !== pictures.count || !ownPrompt.every(isRow)) {
    throw new EngineError('argument-invalid', 'Each picture needs a prompt of its own among the prompts.', {
      subject: 'ownPrompt',
      found: `${ownPrompt.length} rows for ${pictures.count} pictures and ${prompts.count} prompts`,
      wanted: `${pictures.count} rows below ${prompts.count}`,
    });
  }
  return ownPrompt.map((own, i) => {
    const picture = featureRow(pictures, i);
    const target = cosineSimilarity(picture, featureRow(prompts, own));
    let rank = 1;
    for (let row = 0; row < prompts.count; row++) {
      if (row !== own && !(cosineSimilarity(picture, featureRow(prompts, row)) < target)) rank++;
    }
    return rank;
  });
}

/** The share of ranks that are at most k: top-k retrieval accuracy, 0 to 1. */
export function topShare(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank <= k).length / ranks.length;
}
