/** The worker that hashes what the store's worker downloads: of all that a download does, it takes longest. */
import { expose, transfer } from 'comlink';
import { openHash, type StreamingHash } from '../platform/store/streaming-hash.ts';

let hash: StreamingHash | undefined;

const host = {
  /** First. @returns false for a state of another version of the library */
  async open(state: string | undefined, sizeBytes: number): Promise<boolean> {
    hash = await openHash(state, sizeBytes);
    return hash !== undefined;
  },
  async update(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    const buffer = await hash!.update(bytes);
    return transfer(buffer, [buffer]);
  },
  save: () => hash!.save(),
  digest: () => hash!.digest(),
};

export type HashHost = typeof host;

expose(host);
