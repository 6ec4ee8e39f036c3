import { describe, expect, it } from 'vitest';
import { featureTable } from '../src/engine/metrics/feature-table.ts';
import { fitGaussian } from '../src/engine/metrics/frechet-distance.ts';
import { measurePictures, separate } from './measures.ts';

const table = (...rows: number[][]) => featureTable(rows.map((row) => Float32Array.from(row)));

describe('a row of the table', () => {
  it('equals what is computed by hand', () => {
    // Both sets have variance 1/3 on each axis (unbiased) and no covariance; the means differ by (3, 4).
    const square = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const features = table(...square.map(([x, y]) => [x! + 3, y! + 4]));
    const labels = table([1, 0], [0, 1], [-1, 0], [0, -1], [-1, -1], [1, -1]);
    const measures = measurePictures(
      {
        features,
        // Nearest labels by angle: 0; 1; 0, where 1 is asked for; no label.
        embeddings: table([2, 0], [1, 2], [2, 1], [0, 1]),
        prompts: table([1, 0], [1, 2], [-2, -1], [1, 0]),
        labelOf: [0, 1, 1, undefined],
      },
      fitGaussian(table(...square)),
      labels,
    );
    expect(measures.frechet).toBeCloseTo(25, 5);
    expect(measures.frechet_ci.low).toBeLessThan(measures.frechet_ci.high);
    // Cosines 1, 1, -1, 0.
    expect(measures.clip_score).toBeCloseTo(0.25, 6);
    expect(measures.top1).toBeCloseTo(2 / 3, 9);
    expect(measures.top5).toBe(1);
  });

  it('reads no order from intervals that touch', () => {
    expect(separate({ low: 1, high: 2 }, { low: 2.1, high: 3 })).toBe(true);
    expect(separate({ low: 1, high: 2 }, { low: 2, high: 3 })).toBe(false);
    expect(separate({ low: 4, high: 5 }, { low: 2, high: 3 })).toBe(true);
  });
});
