import { describe, expect, it } from 'vitest';
import { clipScores, cosineSimilarity } from './clip-score.ts';
import { featureTable } from './feature-table.ts';
import { retrievalRanks, topShare } from './retrieval.ts';

const table = (...rows: readonly (readonly number[])[]) =>
  featureTable(rows.map((row) => Float32Array.from(row)));
const refused = expect.objectContaining({ code: 'argument-invalid' });

describe('CLIP score', () => {
  it('is the cosine: lengths don’t matter', () => {
    expect(cosineSimilarity(Float32Array.of(3, 4), Float32Array.of(4, 3))).toBeCloseTo(0.96, 10);
    expect(cosineSimilarity(Float32Array.of(3, 4), Float32Array.of(-30, -40))).toBeCloseTo(-1, 10);
    expect(cosineSimilarity(Float32Array.of(1, 0), Float32Array.of(0, 2))).toBe(0);
    expect(cosineSimilarity(Float32Array.of(0, 0), Float32Array.of(1, 0))).toBeNaN();
  });

  it('pairs pictures with prompts row by row', () => {
    expect(clipScores(table([1, 0], [3, 4]), table([2, 0], [4, 3]))).toEqual([1, expect.closeTo(0.96, 10)]);
    expect(() => clipScores(table([1, 0]), table([1, 0], [0, 1]))).toThrow(refused);
    expect(() => clipScores(table([1, 0]), table([1, 0, 0]))).toThrow(refused);
  });
});

describe('retrieval', () => {
  const prompts = table([1, 0], [0, 1], [1, 1]);

  it('ranks each picture’s own prompt', () => {
    const ranks = retrievalRanks(table([1, 0.1], [1, 0.2], [0.5, 0.4]), prompts);
    expect(ranks).toEqual([1, 3, 1]);
    expect([1, 2, 3].map((k) => topShare(ranks, k))).toEqual([2 / 3, 2 / 3, 1]);
  });

  it('lets several pictures share a prompt', () => {
    expect(retrievalRanks(table([1, 0], [0, 1], [0, 1]), prompts, [1, 1, 2])).toEqual([3, 1, 2]);
  });

  it('counts ties and empty pictures against it', () => {
    expect(retrievalRanks(table([1, 1]), table([1, 0], [0, 1]), [0])).toEqual([2]);
    expect(retrievalRanks(table([0, 0]), prompts, [0])).toEqual([3]);
  });

  it.each([[[0, 1]], [[3]], [[-1]], [[0.5]]])('refuses prompts %j of one picture', (own) => {
    expect(() => retrievalRanks(table([1, 0]), prompts, own)).toThrow(refused);
  });

  it('refuses rows that make no table', () => {
    expect(() => table()).toThrow(refused);
    expect(() => table([])).toThrow(refused);
    expect(() => table([1], [1, 2])).toThrow(refused);
  });
});
