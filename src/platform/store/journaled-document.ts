/**
 * A small JSON document that is whole at every moment: two files written in turns, each with a counter and a hash
 * of itself. A page that dies while one is written leaves the other.
 */
import { EngineError } from '../../engine/core/errors.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../engine/weights/json-document.ts';
import { sha256 } from './block-digest.ts';
import type { ModelStorage, StorageFile } from './storage.ts';

/** 64 hexadecimal digits of the body, and a line's end. */
const prefixBytes = 65;
/** Digests of a thousand blocks are some 50 kB. */
const largestDocumentBytes = 8 * 1024 * 1024;

const slots = ['.a', '.b'] as const;

interface Version {
  readonly counter: number;
  readonly slot: 0 | 1;
  readonly value: JsonObject;
}

/** Reads the newest whole version; undefined when there is none. Never throws for damaged bytes. */
export async function readJournaled(storage: ModelStorage, path: string): Promise<JsonObject | undefined> {
  return (await readNewest(storage, path))?.value;
}

/** The path of the document to which a file of the storage belongs; undefined for other files. */
export function journaledPath(file: string): string | undefined {
  return slots.some((slot) => file.endsWith(slot)) ? file.slice(0, -2) : undefined;
}

export async function removeJournaled(storage: ModelStorage, path: string): Promise<void> {
  for (const slot of slots) await storage.remove(path + slot);
}

/** For one writer, who holds the document's lock. The caller closes it. */
export class JournaledDocument {
  readonly value: JsonObject | undefined;
  readonly #files: readonly [StorageFile, StorageFile];
  #counter: number;
  #next: 0 | 1;

  private constructor(files: readonly [StorageFile, StorageFile], newest: Version | undefined) {
    this.#files = files;
    this.value = newest?.value;
    this.#counter = newest?.counter ?? 0;
    this.#next = newest?.slot === 0 ? 1 : 0;
  }

  /** @throws EngineError 'storage-busy' */
  static async open(storage: ModelStorage, path: string): Promise<JournaledDocument> {
    const newest = await readNewest(storage, path);
    const first = await storage.open(path + slots[0]);
    try {
      return new JournaledDocument([first, await storage.open(path + slots[1])], newest);
    } catch (thrown) {
      await first.close();
      throw thrown;
    }
  }

  /** Durable when it returns. @throws EngineError 'storage-full': the version before stays */
  async write(value: object): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify({ counter: this.#counter + 1, value }));
    const bytes = new Uint8Array(prefixBytes + body.length);
    bytes.set(new TextEncoder().encode(`${await sha256(body)}\n`));
    bytes.set(body, prefixBytes);
    const file = this.#files[this.#next];
    await file.write(bytes, 0);
    await file.truncate(bytes.length);
    await file.flush();
    this.#counter += 1;
    this.#next = this.#next === 0 ? 1 : 0;
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }
}

/** Writes once. */
export async function writeJournaled(storage: ModelStorage, path: string, value: object): Promise<void> {
  const document = await JournaledDocument.open(storage, path);
  try {
    await document.write(value);
  } finally {
    await document.close();
  }
}

async function readNewest(storage: ModelStorage, path: string): Promise<Version | undefined> {
  const [a, b] = await Promise.all([readSlot(storage, path, 0), readSlot(storage, path, 1)]);
  if (!a || !b) return a ?? b;
  return a.counter > b.counter ? a : b;
}

async function readSlot(storage: ModelStorage, path: string, slot: 0 | 1): Promise<Version | undefined> {
  const file = await storage.snapshot(path + slots[slot]);
  if (!file || file.sizeBytes <= prefixBytes || file.sizeBytes > largestDocumentBytes) return undefined;
  try {
    const bytes = await file.read(0, file.sizeBytes);
    const body = bytes.slice(prefixBytes);
    if (new TextDecoder().decode(bytes.subarray(0, prefixBytes)) !== `${await sha256(body)}\n`)
      return undefined;
    const { counter, value } = parseJsonObject(body, path);
    if (typeof counter !== 'number' || !Number.isSafeInteger(counter) || !isJsonObject(value))
      return undefined;
    return { counter, slot, value };
  } catch (thrown) {
    // Written at this moment by another tab, or damaged: the other version counts.
    if (thrown instanceof EngineError || thrown instanceof DOMException) return undefined;
    throw thrown;
  }
}
