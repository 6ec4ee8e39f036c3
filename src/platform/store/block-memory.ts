/**
 * Memory of the blocks under way: so many and no more, used again, since new memory costs more, page by page, than
 * filling it.
 */
import { EngineError } from '../../engine/core/errors.ts';

export class BlockMemory {
  readonly #blockBytes: number;
  readonly #limit: number;
  readonly #free: ArrayBuffer[] = [];
  readonly #waiting: { resolve(): void; reject(thrown: unknown): void }[] = [];
  #taken = 0;
  #closed = false;

  /** @param blockBytes of most blocks; @param limit blocks that are taken at a time */
  constructor(blockBytes: number, limit: number) {
    this.#blockBytes = blockBytes;
    this.#limit = limit;
  }

  /** Waits while all are taken. The bytes are whatever they were. @throws EngineError 'aborted' once closed */
  async take(sizeBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#closed) throw closed();
    if (this.#taken < this.#limit) this.#taken += 1;
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const known = this.#free.pop();
    const fits = known !== undefined && known.byteLength >= sizeBytes;
    return new Uint8Array(
      fits ? known : new ArrayBuffer(Math.max(sizeBytes, this.#blockBytes)),
      0,
      sizeBytes,
    );
  }

  /** Nobody may use the memory afterwards. */
  give(buffer: ArrayBuffer): void {
    this.#free.push(buffer);
    const next = this.#waiting.shift();
    // The place of this block becomes that of the next one.
    if (next) next.resolve();
    else this.#taken -= 1;
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
  }
}

function closed(): EngineError {
  return new EngineError('aborted', 'Cancelled.');
}
