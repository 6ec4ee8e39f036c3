/** What is added to a checkpoint's tensor while it is read: a LoRA's product, a difference of two checkpoints. */
import type { CancelSignal } from '../core/cancel.ts';

/**
 * Adds its part to some of a tensor's values in place.
 * @param values float32, the elements [first, first + values.length) of the whole tensor, row-major
 */
export type ApplyPatch = (values: Float32Array, first: number) => void | Promise<void>;

export interface TensorPatch {
  /** Where the whole tensor begins in its file: an entry may be a slice of it. */
  readonly begin: number;
  /** Reads what every block needs; called once for each read of the tensor or of a slice. */
  open(signal?: CancelSignal): Promise<ApplyPatch>;
}
