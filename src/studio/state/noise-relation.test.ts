import { describe, expect, it } from 'vitest';
import { manyStepModel, oneStepModel, request, strangerModel } from '../test/sample-runs.ts';
import { noiseRelation } from './noise-relation.ts';

const models = { a: oneStepModel, b: manyStepModel };
const seedBlend = { seed: 9, weight: 0.5 };

describe('the noise of both sides', () => {
  it.each([
    ['same', {}, models],
    ['other-lineage', {}, { a: oneStepModel, b: strangerModel }],
    ['other-size', { width: 128 }, models],
    ['other-seed', { seed: 8 }, models],
    ['other-seed', { seedBlend }, models],
    ['same', { seedBlend: { seed: 9, weight: 0 } }, models],
  ] as const)('is %s', (relation, change, sides) =>
    expect(noiseRelation({ a: request(), b: request(change) }, sides)).toBe(relation),
  );
});
