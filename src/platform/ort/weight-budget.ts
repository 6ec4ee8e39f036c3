/** How many bytes of weights a backend may be given: more is refused with the reason, before anything is read. */
import { EngineError } from '../../engine/core/errors.ts';

/** In one piece they lie in the page's memory, and the runtime's heap, of 4 GiB, takes a copy. */
export const largestWholeBytes = 1.5 * 2 ** 30;

/** On WebAssembly they stay in that heap: half of it, since activations take the rest. */
const largestHeapBytes = 2 * 2 ** 30;

const gigabytes = (sizeBytes: number): string => `${(sizeBytes / 1e9).toFixed(1)} GB`;

/**
 * @param path of the file, or the graph's name, for messages
 * @param why they have to lie in one piece, a clause: 'a browser without JSPI'
 * @throws EngineError 'model-too-large'
 */
export function assertFitsWhole(path: string, sizeBytes: number, why: string, remedy: string): void {
  if (sizeBytes <= largestWholeBytes) return;
  throw new EngineError('model-too-large', `${path} is too large to be read in one piece.`, {
    subject: path,
    found: `${gigabytes(sizeBytes)} of weights, and ${why}`,
    wanted: `at most ${gigabytes(largestWholeBytes)}`,
    remedy,
  });
}

/** @throws EngineError 'model-too-large' for a part that another program exported */
export function assertExportedFits(path: string, sizeBytes: number): void {
  assertFitsWhole(
    path,
    sizeBytes,
    'an exported model is read at once',
    'Use the safetensors of the same model: those are read in pieces.',
  );
}

interface Disposable {
  dispose(): Promise<void>;
}

/** The weights of all sessions that lie in one heap. */
export class HeapBudget {
  #heldBytes = 0;
  readonly #limitBytes: number;

  /** @param limitBytes default: WebAssembly's */
  constructor(limitBytes = largestHeapBytes) {
    this.#limitBytes = limitBytes;
  }

  /**
   * Loads what holds weights until it is disposed.
   * @param name of the network, for messages
   * @throws EngineError before it loads: 'model-too-large' where these weights are too many by themselves,
   *   'out-of-memory' beside what is loaded; then what `load` throws
   */
  async hold<Loaded extends Disposable>(
    name: string,
    sizeBytes: number,
    load: () => Promise<Loaded>,
  ): Promise<Loaded> {
    this.#assertRoom(name, sizeBytes);
    this.#heldBytes += sizeBytes;
    let holds = true;
    const giveBack = () => {
      if (holds) this.#heldBytes -= sizeBytes;
      holds = false;
    };
    try {
      const loaded = await load();
      return {
        ...loaded,
        async dispose() {
          await loaded.dispose();
          giveBack();
        },
      };
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
  }

  #assertRoom(name: string, sizeBytes: number): void {
    if (this.#heldBytes + sizeBytes <= this.#limitBytes) return;
    const alone = sizeBytes > this.#limitBytes;
    const beside = alone ? '' : `, beside ${gigabytes(this.#heldBytes)} of other networks`;
    throw new EngineError(
      alone ? 'model-too-large' : 'out-of-memory',
      `${name} is too large for WebAssembly.`,
      {
        subject: name,
        found: `${gigabytes(sizeBytes)} of weights${beside}`,
        wanted: `at most ${gigabytes(this.#limitBytes)}, all networks together`,
        remedy: 'Use a browser with WebGPU and a graphics card, or choose a smaller model.',
      },
    );
  }
}
