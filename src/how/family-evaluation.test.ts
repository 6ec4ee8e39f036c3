import { describe, expect, it } from 'vitest';
import { parseFamilyEvaluation } from './family-evaluation.ts';

const row = {
  model: 'instaflow-nano',
  steps: 1,
  sampler: 'rectified-flow',
  pictures: 2000,
  frechet: 9.5,
  clip_score: 0.3,
  top1: 0.5,
  top5: 0.75,
  ms: 31,
};

describe("the family's evaluation", () => {
  it('is read as it is written', () => {
    const read = parseFamilyEvaluation({
      trained_on: 'cuda',
      rows: [{ ...row, frechet_ci: { low: 9, high: 10 } }],
      straightness: { 'sd-nano': 0.2, '2-rf-nano': 0.05 },
      floor: 0.25,
    });
    expect(read?.rows).toEqual([
      {
        model: 'instaflow-nano',
        steps: 1,
        sampler: 'rectified-flow',
        pictures: 2000,
        frechet: 9.5,
        frechetInterval: { low: 9, high: 10 },
        clipScore: 0.3,
        top5: 0.75,
        ms: 31,
      },
    ]);
    expect(read).toMatchObject({
      trainedOn: 'a GPU',
      straightness: [
        ['sd-nano', 0.2],
        ['2-rf-nano', 0.05],
      ],
      floor: 0.25,
    });
  });

  it('leaves out rows that say too little, and is none without rows', () => {
    expect(parseFamilyEvaluation({ rows: [row, { model: 'x' }, 3] })?.rows).toHaveLength(1);
    expect(parseFamilyEvaluation({ rows: [{ ...row, pictures: undefined }] })?.rows[0]?.pictures).toBeNull();
    expect(parseFamilyEvaluation({ rows: [{ ...row, frechet: 'NaN' }] })).toBeNull();
    expect(parseFamilyEvaluation(undefined)).toBeNull();
  });
});
