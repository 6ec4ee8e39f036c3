import type { DType } from '../core/dtype.ts';
import type { TensorPatch } from './tensor-patch.ts';

/** Where a checkpoint's tensor lies: bytes [begin, end) of `file`, row-major, little-endian. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Path inside the model folder. */
  readonly file: string;
  readonly begin: number;
  readonly end: number;
  /** Added to the stored values in float32, in this order, whenever they are read. */
  readonly patches?: readonly TensorPatch[] | undefined;
}
