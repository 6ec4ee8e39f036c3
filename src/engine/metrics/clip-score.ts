/**
 * Agreement of pictures and prompts in CLIP's space: the cosine of their embeddings, as the paper's tables give it
 * (0.315 for SD 1.4). Hessel et al. 2021 (arXiv 2104.08718) scale the same number by 2.5.
 */
import { EngineError } from '../core/errors.ts';
import { type FeatureTable, featureRow } from './feature-table.ts';

/** From -1 to 1; NaN for a vector of zeros. */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let k = 0; k < a.length; k++) {
    product += a[k]! * b[k]!;
    squareA += a[k]! ** 2;
    squareB += b[k]! ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}

/**
 * The cosine of each picture with its own prompt; their mean is the CLIP score.
 * @param pictures, prompts: projected embeddings, row i of one belongs to row i of the other
 * @throws EngineError 'argument-invalid' when the tables don't match
 */
export function clipScores(pictures: FeatureTable, prompts: FeatureTable): number[] {
  assertSameSpace(pictures, prompts);
  if (pictures.count !== prompts.count) {
    throw new EngineError('argument-invalid', 'Each picture needs its prompt.', {
      subject: 'prompts',
      found: `${prompts.count} rows`,
      wanted: `${pictures.count} rows`,
    });
  }
  return Array.from({ length: pictures.count }, (_, i) =>
    cosineSimilarity(featureRow(pictures, i), featureRow(prompts, i)),
  );
}

/** @throws EngineError 'argument-invalid' */
export function assertSameSpace(a: FeatureTable, b: FeatureTable): void {
  if (a.dimensions === b.dimensions) return;
  throw new EngineError('argument-invalid', 'The embeddings live in different spaces.', {
    subject: 'features',
    found: `${b.dimensions} dimensions`,
    wanted: `${a.dimensions} dimensions`,
  });
}
