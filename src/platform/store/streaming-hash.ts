/** SHA-256 of a file of any size, whose state can be put away and taken up again days later. */
import { createSHA256 } from 'hash-wasm';

/** Calls take effect in their order, and need not be awaited before the next one. */
export interface StreamingHash {
  /** Takes the bytes over, and gives their memory back when they are hashed. */
  update(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  /** Base64: after what was handed over before. */
  save(): Promise<string>;
  /** Hexadecimal; the hash can't be used afterwards. */
  digest(): Promise<string>;
  /** Frees what it holds; what isn't done by then may never be. */
  close(): void;
}

/**
 * @param state of `save`; undefined for the begin of a file
 * @param sizeBytes of the file: a small one isn't worth a thread
 * @returns undefined for a state of another version of the library: the file must be read from its begin
 */
export type OpenHash = (state: string | undefined, sizeBytes: number) => Promise<StreamingHash | undefined>;

/** On the caller's thread. */
export const openHash: OpenHash = async (state) => {
  const hash = await createSHA256();
  hash.init();
  if (state !== undefined) {
    try {
      hash.load(Uint8Array.from(atob(state), (character) => character.charCodeAt(0)));
    } catch {
      return undefined;
    }
  }
  return {
    async update(bytes) {
      hash.update(bytes);
      return bytes.buffer;
    },
    save: async () => btoa(String.fromCharCode(...hash.save())),
    digest: async () => hash.digest('hex'),
    close() {},
  };
};
