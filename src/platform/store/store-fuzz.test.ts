/** Whatever lies on disk or comes from a server: understood, or refused with a type; never believed, never a hang. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import type { JsonObject } from '../../engine/weights/json-document.ts';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { chooseFiles, pipelineComponents } from '../hub/choose-files.ts';
import { parseModelListing } from '../hub/model-listing.ts';
import { fileUrl, isPlainPath, parseModelSource, sourceFolder } from '../hub/model-source.ts';
import { isComplete, parseFileManifest } from './file-manifest.ts';
import { readJournaled, writeJournaled } from './journaled-document.ts';
import { parseModelRecord } from './model-record.ts';

const sha256 = 'a'.repeat(64);
const manifest = {
  url: 'https://example.org/x',
  etag: 'e',
  expectedSha256: sha256,
  sizeBytes: 20,
  storedAs: 'original',
  storedBytes: 20,
  blockBytes: 10,
  blockCount: 2,
  blocks: [
    { end: 10, digest: 'b'.repeat(32) },
    { end: 20, digest: sha256 },
  ],
  sha256,
};

function onlyTyped(work: () => unknown): void {
  try {
    work();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EngineError);
  }
}

describe('manifests', () => {
  it('are taken as they were written', () => {
    expect(isComplete(parseFileManifest(manifest))).toBe(true);
    const { sha256: _, ...partial } = {
      ...manifest,
      blocks: manifest.blocks.slice(0, 1),
      hashState: 'c3RhdGU=',
    };
    expect(parseFileManifest(partial)).toMatchObject({ blocks: [{ end: 10 }] });
  });

  it('with any field changed keep their promises or count as none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(manifest)), fc.jsonValue(), (field, value) => {
        const parsed = parseFileManifest({ ...manifest, [field]: value } as JsonObject);
        if (!parsed) return;
        expect(parsed.blocks.length).toBeLessThanOrEqual(parsed.blockCount);
        if (isComplete(parsed)) expect(parsed.blocks.at(-1)?.end).toBe(parsed.storedBytes);
      }),
      { numRuns: 500 },
    );
  });

  it('damaged on disk at any byte are the version before, or none', async () => {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    const written = new MemoryStorage();
    await writeJournaled(written, 'm', { version: 1 });
    await writeJournaled(written, 'm', { version: 2 });
    for (const path of ['m.a', 'm.b']) {
      const snapshot = await written.snapshot(path);
      files.set(path, await snapshot!.read(0, snapshot!.sizeBytes));
    }
    const newest = [...files.keys()].find((path) =>
      new TextDecoder().decode(files.get(path)).includes('"version":2'),
    )!;
    for (let at = 0; at < files.get(newest)!.length; at += 3) {
      const bytes = files.get(newest)!.slice();
      bytes[at]! ^= 1;
      const storage = new MemoryStorage({ files: new Map(files).set(newest, bytes) });
      expect(await readJournaled(storage, 'm')).toEqual({ version: 1 });
    }
    const cut = new MemoryStorage({ files: new Map(files).set(newest, files.get(newest)!.slice(0, 70)) });
    expect(await readJournaled(cut, 'm')).toEqual({ version: 1 });
  });
});

describe('records and listings', () => {
  it('of any shape are read or refused', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseModelRecord(value)));
    fc.assert(
      fc.property(fc.json(), (text) =>
        onlyTyped(() => parseModelListing(new TextEncoder().encode(text), 'a/b')),
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) =>
        onlyTyped(() => parseModelListing(bytes.slice() as Uint8Array<ArrayBuffer>, 'a/b')),
      ),
    );
  });

  it('name no file outside the model', () => {
    const listing = (path: string) =>
      new TextEncoder().encode(JSON.stringify({ siblings: [{ rfilename: path, size: 1 }] }));
    for (const path of ['../x', 'a/../../x', '/x', 'a//b', 'a\\b', '', '.', 'c:x', 'a\0b']) {
      expect(() => parseModelListing(listing(path), 'a/b'), path).toThrow(EngineError);
    }
    fc.assert(
      fc.property(fc.array(fc.string()), (paths) =>
        onlyTyped(() => chooseFiles(paths, { components: pipelineComponents, precision: 'full' })),
      ),
    );
  });
});

describe('what someone types', () => {
  it.each([
    ['XCLiu/instaflow_0_9B_from_sd_1_5', { kind: 'hub', revision: 'main' }],
    ['  owner/name@v1.0 ', { kind: 'hub', id: 'owner/name', revision: 'v1.0' }],
    ['https://huggingface.co/owner/name/tree/dev', { kind: 'hub', id: 'owner/name', revision: 'dev' }],
    ['https://example.org/models/x/', { kind: 'url', url: 'https://example.org/models/x' }],
    ['http://127.0.0.1:8000/x', { kind: 'url' }],
  ])('%s is understood', (typed, source) => {
    expect(parseModelSource(typed)).toMatchObject(source);
  });

  it.each(['', 'name', 'a/b/c', '../b', 'a/..', 'http://example.org/x', 'file:///etc/passwd', 'a/b@../c'])(
    '"%s" is refused',
    (typed) => {
      expect(() => parseModelSource(typed)).toThrow(EngineError);
    },
  );

  it('never leaves the store or the hub', () => {
    fc.assert(
      fc.property(fc.string(), (typed) =>
        onlyTyped(() => {
          const source = parseModelSource(typed);
          expect(isPlainPath(sourceFolder(source))).toBe(true);
          const url = fileUrl(source, { baseUrl: 'https://hub.example' }, 'unet/config.json');
          expect(url.endsWith('/unet/config.json')).toBe(true);
        }),
      ),
    );
  });
});
