/** The tensors of an `io.safetensors`: a recorded call's inputs and outputs. */
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';

export class RecordedTensors {
  readonly #checkpoint: Checkpoint;

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /** Names below a prefix, without it: the inputs of a call by 'c0/in.'. */
  names(prefix: string): string[] {
    return [...this.#checkpoint.tensors.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  has(name: string): boolean {
    return this.#checkpoint.tensors.has(name);
  }

  /** As float32, integers too: ids, timesteps and bytes are small. @throws EngineError 'tensor-missing' */
  async read(name: string): Promise<FloatTensor> {
    const values = await this.#checkpoint.readTensor(name);
    return floatTensor(this.#checkpoint.entry(name).shape, values);
  }

  /** @throws EngineError 'tensor-missing' */
  async readIds(name: string): Promise<number[]> {
    return [...(await this.read(name)).data];
  }
}

/** @param stem 'io', 'io.fp16', 'io_rf' */
export async function openRecordedTensors(files: ModelFiles, stem: string): Promise<RecordedTensors> {
  return new RecordedTensors(await openCheckpoint(files, stem, { variants: ['full'] }));
}

/** A recorded JSON file of a case. @throws EngineError 'file-not-found' | 'file-malformed' */
export async function readRecord<Document>(files: ModelFiles, path: string): Promise<Document> {
  const text = new TextDecoder().decode(await files.read(path, 0, await files.size(path)));
  try {
    return JSON.parse(text) as Document;
  } catch (cause) {
    throw new EngineError('file-malformed', `${path} is no JSON.`, { subject: path, cause });
  }
}
