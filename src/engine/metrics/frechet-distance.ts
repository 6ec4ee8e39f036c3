/**
 * The Fréchet distance of two Gaussians fitted to features: FID where the features are Inception's (Heusel et al.
 * 2017, arXiv 1706.08500). |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)); the trace of the root is that of the
 * symmetric (C1^(1/2) C2 C1^(1/2))^(1/2), whose eigenvalues are real and at least 0 up to rounding.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { EngineError } from '../core/errors.ts';
import type { FeatureTable } from './feature-table.ts';

export interface Gaussian {
  /** [d] */
  readonly mean: Float64Array;
  /** [d, d], row-major, symmetric. */
  readonly covariance: Float64Array;
}

/**
 * Mean and unbiased covariance (divided by n - 1, as the published FID code does).
 * @throws EngineError 'argument-invalid' for fewer than two rows
 */
export function fitGaussian({ values, count, dimensions }: FeatureTable): Gaussian {
  if (count < 2) {
    throw new EngineError('argument-invalid', 'A covariance needs at least two pictures.', {
      subject: 'features',
      found: `${count} rows`,
      wanted: 'at least 2',
    });
  }
  const mean = new Float64Array(dimensions);
  for (let k = 0; k < values.length; k++) mean[k % dimensions]! += values[k]! / count;
  const covariance = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let a = 0; a < dimensions; a++) centred[a] = values[row * dimensions + a]! - mean[a]!;
    for (let a = 0; a < dimensions; a++) {
      const factor = centred[a]! / (count - 1);
      for (let b = 0; b < dimensions; b++) covariance[a * dimensions + b]! += factor * centred[b]!;
    }
  }
  return { mean, covariance };
}

/**
 * At least 0; of two fits to fewer rows than dimensions, biased upwards as FID is. About 7 s for 512 dimensions on
 * one core (two decompositions, cubic in the dimensions).
 * @throws EngineError 'argument-invalid' when the dimensions differ
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const { length } = a.mean;
  if (b.mean.length !== length) {
    throw new EngineError('argument-invalid', 'The two sets have features of different kinds.', {
      subject: 'features',
      found: `${b.mean.length} dimensions`,
      wanted: `${length} dimensions`,
    });
  }
  let distance = 0;
  for (let k = 0; k < length; k++) {
    const diagonal = k * length + k;
    distance += (a.mean[k]! - b.mean[k]!) ** 2 + a.covariance[diagonal]! + b.covariance[diagonal]!;
  }
  const root = symmetricRoot(toMatrix(a.covariance, length));
  const product = root.mmul(toMatrix(b.covariance, length)).mmul(root);
  const eigenvalues = decompose(product).realEigenvalues;
  return Math.max(
    0,
    distance - 2 * eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0),
  );
}

/** The positive square root of a symmetric matrix without negative eigenvalues, up to rounding. */
function symmetricRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = decompose(matrix);
  const scaled = eigenvectorMatrix
    .clone()
    .mulRowVector(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return scaled.mmul(eigenvectorMatrix.transpose());
}

function decompose(matrix: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
}

function toMatrix(values: Float64Array, size: number): Matrix {
  return Matrix.from1DArray(size, size, values);
}
