import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { featureTable } from './feature-table.ts';
import { fitGaussian, frechetDistance, type Gaussian } from './frechet-distance.ts';

const gaussian = (mean: readonly number[], covariance: readonly number[]): Gaussian => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
});

describe('a fitted Gaussian', () => {
  it('has the mean and the unbiased covariance, by hand', () => {
    const { mean, covariance } = fitGaussian(
      featureTable([Float32Array.of(1, 2), Float32Array.of(3, 2), Float32Array.of(5, 8)]),
    );
    expect([...mean]).toEqual([3, 4].map((value) => expect.closeTo(value, 10)));
    expect([...covariance]).toEqual([4, 6, 6, 12].map((value) => expect.closeTo(value, 10)));
  });

  it('needs two rows', () => {
    expect(() => fitGaussian(featureTable([Float32Array.of(1)]))).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    );
  });
});

describe('the Fréchet distance', () => {
  const number = fc.double({ min: 0, max: 10, noNaN: true });

  it('in one dimension is (m1 - m2)^2 + (s1 - s2)^2', () => {
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), ([m1, m2, s1, s2]) => {
        const distance = frechetDistance(gaussian([m1], [s1 ** 2]), gaussian([m2], [s2 ** 2]));
        expect(distance).toBeCloseTo((m1 - m2) ** 2 + (s1 - s2) ** 2, 6);
      }),
    );
  });

  it('of covariances that commute adds up over their common axes', () => {
    const a = gaussian([0, 0, 0], [4, 0, 0, 0, 9, 0, 0, 0, 1]);
    const b = gaussian([1, 0, 2], [1, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(frechetDistance(a, b)).toBeCloseTo(5 + 1 + 4 + 1, 8);
  });

  it('of covariances that don’t commute, by hand', () => {
    // tr (C1 C2)^(1/2) of [[2,1],[1,2]] and [[1,0],[0,4]]: eigenvalues of C1 C2 = [[2,4],[1,8]] are 5 ± sqrt(13).
    const root = Math.sqrt(5 + Math.sqrt(13)) + Math.sqrt(5 - Math.sqrt(13));
    const distance = frechetDistance(gaussian([0, 0], [2, 1, 1, 2]), gaussian([0, 0], [1, 0, 0, 4]));
    expect(distance).toBeCloseTo(4 + 5 - 2 * root, 8);
  });

  it('of a set to itself is 0, is symmetric, and survives fewer rows than dimensions', () => {
    const rows = (seed: number, count: number) =>
      featureTable(Array.from({ length: count }, (_, stream) => gaussianNoise(24, { seed, stream })));
    const [a, b] = [fitGaussian(rows(1, 10)), fitGaussian(rows(2, 40))];
    expect(frechetDistance(a, a)).toBeLessThan(1e-5);
    expect(frechetDistance(a, b)).toBeCloseTo(frechetDistance(b, a), 5);
    expect(frechetDistance(a, b)).toBeGreaterThan(1);
  });

  it('refuses features of different kinds', () => {
    expect(() => frechetDistance(gaussian([0], [1]), gaussian([0, 0], [1, 0, 0, 1]))).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    );
  });
});
