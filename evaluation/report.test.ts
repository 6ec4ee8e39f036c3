import { describe, expect, it } from 'vitest';
import { checkClaims, type Evaluation, type EvaluationRow, renderReport } from './report.ts';

const row = (model: string, frechet: number, clip: number): EvaluationRow => ({
  model,
  steps: 1,
  sampler: 'rectified-flow',
  guidance: 1,
  pictures: 2000,
  frechet,
  frechet_ci: { low: frechet - 1, high: frechet + 1 },
  clip_score: clip,
  clip_score_ci: { low: clip - 0.01, high: clip + 0.01 },
  top1: 0.5,
  top5: 0.75,
  ms: 31,
});

const evaluation: Evaluation = {
  trained_on: 'cpu',
  rows: [row('instaflow-nano', 10, 0.5), row('sd-distill-nano', 20, 0.495), row('2-rf-nano', 5, 0.3)],
  straightness: { 'sd-nano': 0.1, '2-rf-nano': 0.05, '3-rf-nano': 0.06 },
  floor: 0.25,
  retrieval_on_real: { top1: 0.9, top5: 0.97 },
};

describe('the evaluation report', () => {
  it('counts an order only where intervals separate', () => {
    expect(checkClaims(evaluation).map(({ verdict }) => verdict)).toEqual([
      'holds',
      'not separated',
      'not measured',
      'not measured',
      'does not hold',
      'holds',
      'holds',
      'does not hold',
    ]);
  });

  it('is a table of what was measured', () => {
    const text = renderReport(evaluation);
    expect(text).toContain(
      '| instaflow-nano | 1 | rectified-flow | 1 | 2000 | 10.0000 | 9.0000 to 11.0000 | 0.500 | 0.490 to 0.510 | 50.0 % | 75.0 % | 31 |',
    );
    expect(text).toContain('| 2-rf-nano | 0.0500 |');
    expect(text).toContain('Fréchet distance 0.2500');
  });
});
