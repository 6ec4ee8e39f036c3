/** A Blob that tells what is cut out of it: its readers slice what they need. */
export class WatchedBlob extends Blob {
  readonly #blob: Blob;
  readonly #onRead: (sizeBytes: number) => void;

  constructor(blob: Blob, onRead: (sizeBytes: number) => void) {
    super();
    this.#blob = blob;
    this.#onRead = onRead;
  }

  override get size(): number {
    return this.#blob.size;
  }

  override slice(begin?: number, end?: number, type?: string): Blob {
    const piece = this.#blob.slice(begin, end, type);
    this.#onRead(piece.size);
    return piece;
  }
}
