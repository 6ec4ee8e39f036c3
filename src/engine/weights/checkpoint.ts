import type { CancelSignal } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import type { ModelFiles } from './model-files.ts';
import { readRows } from './read-rows.ts';
import { readFloats } from './read-tensor.ts';
import type { TensorEntry } from './tensor-entry.ts';
import type { TensorPatch } from './tensor-patch.ts';

/** The tensors of one network by name, wherever they lie. Holds no values; needs no disposal. */
export class Checkpoint {
  /** @param path the file that the checkpoint was opened by, for messages */
  constructor(
    readonly files: ModelFiles,
    readonly path: string,
    readonly tensors: ReadonlyMap<string, TensorEntry>,
  ) {}

  /** The same tensors, with something added to those named; later patches come after earlier ones. */
  patched(patches: ReadonlyMap<string, TensorPatch>): Checkpoint {
    const tensors = new Map(this.tensors);
    for (const [name, patch] of patches) {
      const entry = this.entry(name);
      tensors.set(name, { ...entry, patches: [...(entry.patches ?? []), patch] });
    }
    return new Checkpoint(this.files, this.path, tensors);
  }

  /** @throws EngineError 'tensor-missing' */
  entry(name: string): TensorEntry {
    const entry = this.tensors.get(name);
    if (entry) return entry;
    throw new EngineError('tensor-missing', `${this.path} has no tensor '${name}'.`, {
      subject: name,
      found: `${this.tensors.size} other tensors in ${this.path}`,
      wanted: name,
      remedy: 'Check that the weights belong to the config.json beside them.',
    });
  }

  /**
   * A tensor's values, float32, row-major, converted in blocks.
   * @throws EngineError 'tensor-missing', 'file-malformed', 'aborted'; what the files throw
   */
  async readTensor(name: string, signal?: CancelSignal): Promise<Float32Array<ArrayBuffer>> {
    return readFloats(this.files, this.entry(name), signal);
  }

  /**
   * Rows of a 2-D tensor, [rows.length, columns], float32, in the order asked for; see {@link readRows}.
   * @throws EngineError 'tensor-missing', 'tensor-mismatch', 'argument-invalid', 'aborted'; as above
   */
  async readRows(
    name: string,
    rows: readonly number[],
    signal?: CancelSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    return readRows(this.files, this.entry(name), rows, signal);
  }
}
