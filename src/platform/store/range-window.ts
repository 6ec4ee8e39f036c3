/** The blocks of a remote file in their order, while several ranges of it are under way. */
import { fetchPieces, type RangeOptions } from '../hub/fetch-range.ts';
import type { RemoteFile } from '../hub/remote-file.ts';
import { WholeFileStream } from '../hub/whole-file-stream.ts';
import { RequestLengths } from './request-length.ts';
import type { StoragePlan } from './storage-plan.ts';

type Block = Promise<Uint8Array<ArrayBuffer>>;

/** The caller closes it. */
export class RangeWindow {
  readonly #remote: RemoteFile;
  readonly #plan: StoragePlan;
  readonly #lengths: RequestLengths;
  readonly #range: RangeOptions;
  readonly #stop = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #whole: WholeFileStream | undefined;
  /** Asked for and not taken yet. */
  readonly #blocks = new Map<number, Block>();
  /** The last block of each range of which some are not taken yet. */
  readonly #lasts: number[] = [];
  #next: number;
  #asked: number;

  /** @param window requests at a time; @param first the first block that is wanted */
  constructor(remote: RemoteFile, plan: StoragePlan, window: number, first: number, range: RangeOptions) {
    this.#remote = remote;
    this.#plan = plan;
    this.#lengths = new RequestLengths(window, first, () => performance.now());
    this.#outer = range.signal;
    this.#range = { ...range, signal: this.#stop.signal };
    this.#whole = remote.takesRanges ? undefined : new WholeFileStream(remote, this.#range);
    this.#next = first;
    this.#asked = first;
    this.#outer?.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = () => this.#stop.abort();

  /** @throws EngineError as `fetchRange` */
  async next(): Promise<Uint8Array<ArrayBuffer>> {
    const i = this.#next;
    this.#next += 1;
    const { begin, end } = this.#plan.block(i);
    if (begin === end) return new Uint8Array(0);
    if (this.#whole) return this.#whole.read(begin, end);
    this.#ask();
    const block = this.#blocks.get(i)!;
    const bytes = await block;
    this.#blocks.delete(i);
    if (this.#lasts[0] === i) this.#lasts.shift();
    this.#lengths.came(i, bytes.length, this.#asked);
    return bytes;
  }

  /** Returns when nothing is under way any more. */
  async close(): Promise<void> {
    this.#outer?.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
    await Promise.allSettled(this.#blocks.values());
    this.#whole?.end();
  }

  #ask(): void {
    const { blockCount } = this.#plan;
    while (this.#asked < blockCount && this.#lasts.length < this.#lengths.length.lanes) {
      const first = this.#asked;
      this.#asked = Math.min(blockCount, first + this.#lengths.length.blocks);
      this.#lasts.push(this.#asked - 1);
      const cuts = [this.#plan.block(first).begin];
      for (let i = first; i < this.#asked; i++) cuts.push(this.#plan.block(i).end);
      for (const [k, block] of fetchPieces(this.#remote, cuts, this.#range).entries()) {
        // Awaited in its turn; until then nobody listens to its failure.
        block.catch(() => {});
        this.#blocks.set(first + k, block);
      }
    }
  }
}
