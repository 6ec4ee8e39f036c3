import type { CancelSignal } from '../core/cancel.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import type { ModelFiles } from './model-files.ts';
import { openPatches } from './open-patches.ts';
import { readRange } from './read-range.ts';
import { blockBytes, convertElements } from './read-tensor.ts';
import type { TensorEntry } from './tensor-entry.ts';

/**
 * Rows of a matrix by their ranges, without reading the rest: the published token embedding is 152 MB, a
 * prompt needs a few rows of it. Equal rows are read once, adjacent rows in one read.
 * @param rows indices, in any order, repeats allowed
 * @returns [rows.length, columns], float32, in the order asked for
 * @throws EngineError 'tensor-mismatch' when the tensor is no matrix; 'argument-invalid' for a row that it
 *   lacks; 'aborted'; what `files` throws
 */
export async function readRows(
  files: ModelFiles,
  entry: TensorEntry,
  rows: readonly number[],
  signal?: CancelSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const [rowCount, columns] = entry.shape;
  if (entry.shape.length !== 2 || rowCount === undefined || columns === undefined) {
    throw new EngineError('tensor-mismatch', `Tensor ${entry.name} has no rows.`, {
      subject: `${entry.file}: ${entry.name}`,
      found: `shape [${entry.shape}]`,
      wanted: 'two dimensions',
    });
  }
  const places = placesByRow(entry, rows, rowCount);
  const target = new Float32Array(rows.length * columns);
  const rowBytes = columns * dtypeSizes[entry.dtype];
  const patch = await openPatches(entry, signal);
  const rowsPerRead = Math.max(1, Math.floor(blockBytes / Math.max(1, rowBytes)));
  for (const [first, last] of runs(
    [...places.keys()].sort((a, b) => a - b),
    rowsPerRead,
  )) {
    const begin = entry.begin + first * rowBytes;
    const bytes = await readRange(files, entry.file, begin, entry.begin + (last + 1) * rowBytes, signal);
    const values = new Float32Array((last + 1 - first) * columns);
    convertElements(bytes, entry.dtype, values);
    await patch?.(values, first * columns);
    for (let row = first; row <= last; row++) {
      const rowValues = values.subarray((row - first) * columns, (row - first + 1) * columns);
      for (const place of places.get(row)!) target.set(rowValues, place * columns);
    }
  }
  return target;
}

function placesByRow(entry: TensorEntry, rows: readonly number[], rowCount: number): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [place, row] of rows.entries()) {
    if (!Number.isInteger(row) || row < 0 || row >= rowCount) {
      throw new EngineError('argument-invalid', `Tensor ${entry.name} has no row ${row}.`, {
        subject: `${entry.file}: ${entry.name}`,
        found: `row ${row}`,
        wanted: `a whole number from 0 to ${rowCount - 1}`,
      });
    }
    const known = places.get(row);
    if (known) known.push(place);
    else places.set(row, [place]);
  }
  return places;
}

/** Runs [first, last] of consecutive numbers among ascending ones, none longer than `maximum`. */
function runs(ascending: readonly number[], maximum: number): [number, number][] {
  const found: [number, number][] = [];
  for (const row of ascending) {
    const run = found.at(-1);
    if (run && row === run[1] + 1 && row - run[0] < maximum) run[1] = row;
    else found.push([row, row]);
  }
  return found;
}
