/** SHA-256 of a file of any size, whose state can be put away and taken up again days later. */
import { createSHA256 } from 'hash-wasm';

export interface StreamingHash {
  update(bytes: Uint8Array): void;
  /** Base64. */
  save(): string;
  /** Hexadecimal; the hash can't be used afterwards. */
  digest(): string;
}

/** @returns undefined for a state of another version of the library: the file must be read from its begin */
export async function resumeHash(state: string | undefined): Promise<StreamingHash | undefined> {
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
    update: (bytes) => void hash.update(bytes),
    save: () => btoa(String.fromCharCode(...hash.save())),
    digest: () => hash.digest('hex'),
  };
}
