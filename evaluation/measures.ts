/** One row of the table: what pictures of the evaluation prompts say of a model. */
import { bootstrapInterval, type ConfidenceInterval } from '../src/engine/metrics/bootstrap.ts';
import { clipScores } from '../src/engine/metrics/clip-score.ts';
import { type FeatureTable, featureRow, featureTable } from '../src/engine/metrics/feature-table.ts';
import { fitGaussian, frechetDistance, type Gaussian } from '../src/engine/metrics/frechet-distance.ts';
import { retrievalRanks, topShare } from '../src/engine/metrics/retrieval.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Measures {
  readonly frechet: number;
  readonly frechet_ci: Interval;
  readonly clip_score: number;
  readonly clip_score_ci: Interval;
  /** Of pictures of one object, the share whose label is the nearest of all labels, or among five. */
  readonly top1: number;
  readonly top5: number;
}

export interface MeasuredPictures {
  readonly features: FeatureTable;
  readonly embeddings: FeatureTable;
  /** Each picture's prompt, in the same space. */
  readonly prompts: FeatureTable;
  /** The label's index of each picture of one object; undefined for others. */
  readonly labelOf: readonly (number | undefined)[];
}

/** Fits of 64 dimensions cost some 40 ms each. */
const resamples = 200;

/**
 * @param real the real pictures' fit
 * @param labels embeddings of all labels
 * @throws EngineError 'argument-invalid' for tables that don't match
 */
export function measurePictures(pictures: MeasuredPictures, real: Gaussian, labels: FeatureTable): Measures {
  const { features, embeddings, prompts, labelOf } = pictures;
  const distance = bootstrapInterval(
    features.count,
    (indices) => frechetDistance(fitGaussian(rowsAt(features, indices)), real),
    { resamples },
  );
  const scores = clipScores(embeddings, prompts);
  const score = bootstrapInterval(scores.length, (indices) => meanAt(scores, indices), { resamples: 2000 });
  const single = labelOf.flatMap((label, i) => (label === undefined ? [] : [i]));
  const ranks = retrievalRanks(
    rowsAt(embeddings, single),
    labels,
    single.map((i) => labelOf[i]!),
  );
  return {
    frechet: distance.estimate,
    frechet_ci: centred(distance),
    clip_score: score.estimate,
    clip_score_ci: { low: score.low, high: score.high },
    top1: topShare(ranks, 1),
    top5: topShare(ranks, 5),
  };
}

/**
 * A resample repeats pictures, which makes its distance larger than the sample's; the interval's width is kept and laid
 * around the estimate.
 */
function centred({ estimate, low, high }: ConfidenceInterval): Interval {
  const half = (high - low) / 2;
  return { low: estimate - half, high: estimate + half };
}

/** Whether two intervals don't touch, so that an order may be read from them. */
export function separate(a: Interval, b: Interval): boolean {
  return a.high < b.low || b.high < a.low;
}

function rowsAt(table: FeatureTable, indices: ArrayLike<number>): FeatureTable {
  return featureTable(Array.from(indices, (i) => featureRow(table, i)));
}

function meanAt(values: readonly number[], indices: Uint32Array): number {
  return indices.reduce((sum, i) => sum + values[i]!, 0) / indices.length;
}
