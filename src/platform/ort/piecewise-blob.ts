/** What onnxruntime-web does with a piece. */
export type Piece = Pick<Blob, 'stream'>;

/**
 * A Blob whose pieces come from elsewhere. onnxruntime-web's JSPI build (1.30) reads external data by `size` and by
 * `slice(begin, end).stream()`, once a tensor; nothing else of a Blob works here.
 */
export class PiecewiseBlob extends Blob {
  readonly #sizeBytes: number;
  readonly #cut: (begin: number, end: number) => Piece;

  constructor(sizeBytes: number, cut: (begin: number, end: number) => Piece) {
    super();
    this.#sizeBytes = sizeBytes;
    this.#cut = cut;
  }

  override get size(): number {
    return this.#sizeBytes;
  }

  override slice(begin = 0, end = this.#sizeBytes): Blob {
    return this.#cut(begin, end) as Blob;
  }
}

/**
 * A piece that is opened when its bytes are asked for.
 * @param onFailure hears why it couldn't be opened or read, which its reader may not pass on
 */
export function streamedPiece(open: () => Promise<Piece>, onFailure: (thrown: unknown) => void): Piece {
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  return {
    stream: () =>
      new ReadableStream({
        async pull(controller) {
          try {
            reader ??= (await open()).stream().getReader();
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          } catch (thrown) {
            onFailure(thrown);
            throw thrown;
          }
        },
      }),
  };
}

/** Bytes that are in memory already, without the copy that a Blob of them would be. */
export function inOneChunk(bytes: Uint8Array<ArrayBuffer>): Piece {
  return {
    stream: () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(bytes);
          controller.close();
        },
      }),
  };
}
