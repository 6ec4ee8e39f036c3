/** Rows of features, one per picture or prompt. */
import { EngineError } from '../core/errors.ts';

export interface FeatureTable {
  /** [count, dimensions], row-major. */
  readonly values: Float32Array;
  readonly count: number;
  readonly dimensions: number;
}

/** @throws EngineError 'argument-invalid' for rows of different lengths, empty rows or none */
export function featureTable(rows: readonly Float32Array[]): FeatureTable {
  const dimensions = rows[0]?.length ?? 0;
  if (dimensions === 0 || rows.some((row) => row.length !== dimensions)) {
    throw new EngineError('argument-invalid', 'Features make no table.', {
      subject: 'features',
      found: `rows of ${[...new Set(rows.map((row) => row.length))].join(', ') || 'nothing'} values`,
      wanted: 'at least one row, all of one length',
    });
  }
  const values = new Float32Array(rows.length * dimensions);
  for (const [i, row] of rows.entries()) values.set(row, i * dimensions);
  return { values, count: rows.length, dimensions };
}

/** A row, as a view. */
export function featureRow({ values, dimensions }: FeatureTable, i: number): Float32Array {
  return values.subarray(i * dimensions, (i + 1) * dimensions);
}
