import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { floatsToHalves, halvesToFloats } from '../../engine/core/float16.ts';
import type { JsonObject } from '../../engine/weights/json-document.ts';
import { readSafetensorsHeader } from '../../engine/weights/safetensors-header.ts';
import { patternBytes, safetensorsBytes, writeFolder } from '../../testing/hub-folder.ts';
import type { Fault, FaultPlan } from '../../testing/local-hub/fault.ts';
import { type LocalHub, startLocalHub } from '../../testing/local-hub/local-hub.ts';
import { fetchModelListing } from '../hub/model-listing.ts';
import { fileUrl, type HubSource } from '../hub/model-source.ts';
import { probeRemoteFile, type RemoteFile } from '../hub/remote-file.ts';
import { defaultTransport, type Transport, type Wait } from '../hub/transport.ts';
import { DirectoryFiles } from '../node/directory-files.ts';
import { diskStorage } from '../node/disk-storage.ts';
import { damagedBlocks, repairBlocks } from './check-file.ts';
import { type DownloadFileOptions, downloadFile } from './download-file.ts';
import { type FileManifest, parseFileManifest } from './file-manifest.ts';
import { readJournaled, writeJournaled } from './journaled-document.ts';
import type { ModelStorage } from './storage.ts';
import { manifestPath } from './stored-path.ts';
import { openHash } from './streaming-hash.ts';

const root = mkdtempSync(join(tmpdir(), 'download-file-'));
const source: HubSource = { kind: 'hub', id: 'tiny/model', revision: 'main' };
const weights = 'unet/diffusion_pytorch_model.safetensors';
const weightBytes = safetensorsBytes({ a: 40_000, 'position.ids': 77, b: 3, c: 20_001 });
const config = '{"_class_name": "UNet2DConditionModel"}';
const blockBytes = 32 * 1024;
const blockCount = Math.ceil(weightBytes.length / blockBytes);
const file = `tiny--model/${weights}`;

let hub: LocalHub;
let folders = 0;
let storage: ModelStorage;
let waits: Wait[] = [];

beforeAll(async () => {
  writeFolder(join(root, 'repository'), {
    [weights]: weightBytes,
    'unet/config.json': config,
    'unet/empty.json': '',
    'gated.safetensors': patternBytes(100),
  });
  const folder = join(root, 'repository');
  hub = await startLocalHub({
    repositories: { 'tiny/model': { folder }, 'tiny/gated': { folder, gated: true } },
    tokens: ['hf_good'],
  });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  hub.faults = undefined;
  hub.requests.length = 0;
  waits = [];
  folders += 1;
  storage = diskStorage(join(root, `store-${folders}`));
});

const transport: Transport = {
  ...defaultTransport,
  fetch,
  stallMs: 5000,
  firstWaitMs: 5,
  attempts: 3,
  onWait: (wait) => waits.push(wait),
};

async function probe(
  path = weights,
  headers: Record<string, string> = {},
  from = source,
): Promise<RemoteFile> {
  const listing = await fetchModelListing(from, { baseUrl: hub.url }, transport, headers);
  const listed = listing?.files.find((candidate) => candidate.path === path);
  return probeRemoteFile(fileUrl(from, { baseUrl: hub.url }, path), path, { transport, headers, listed });
}

function options(change: Partial<DownloadFileOptions> = {}): DownloadFileOptions {
  return {
    transport,
    headers: {},
    pace: { blockBytes: 4 * blockBytes, window: 3, unhashedBlocks: 2, commitMs: 1000 },
    openHash,
    storeAs: 'original',
    ...change,
  };
}

async function download(change: Partial<DownloadFileOptions> = {}) {
  return downloadFile(storage, file, await probe(), options(change));
}

async function storedBytes(of = file): Promise<Uint8Array> {
  const snapshot = await storage.snapshot(`files/${of}`);
  return snapshot!.read(0, snapshot!.sizeBytes);
}

const readManifest = async () => parseFileManifest(await readJournaled(storage, manifestPath(file)));

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** By their hash: comparing element by element takes seconds. */
async function expectStored(bytes: Uint8Array, of = file): Promise<void> {
  expect(sha(await storedBytes(of))).toBe(sha(bytes));
}

/** A fault of the second origin for the range that begins at a block, the first `times` times it is asked for. */
const once =
  (fault: Fault, block = 5, times = 1): FaultPlan =>
  ({ origin, range, before }) =>
    origin === 'cdn' && range?.[0] === block * blockBytes && before < times ? fault : undefined;

const rangesOf = (from: number) =>
  hub.requests.filter(({ origin, range }, i) => i >= from && origin === 'cdn' && range?.[1] !== 256);

describe('downloadFile', () => {
  it('stores the published bytes, held to the hash of the hub, by ranges of the second origin', async () => {
    const told: number[] = [];
    const manifest = await download({ onBytes: (count) => told.push(count) });
    await expectStored(weightBytes);
    expect(manifest).toMatchObject({ sha256: sha(weightBytes), expectedSha256: sha(weightBytes) });
    expect(manifest.blocks).toHaveLength(blockCount);
    expect(told.reduce((sum, count) => sum + count)).toBe(weightBytes.length);
    expect(rangesOf(0)).toHaveLength(blockCount);
  });

  it('never has more ranges under way than the window', async () => {
    let underWay = 0;
    let most = 0;
    const counting: typeof fetch = async (...args) => {
      most = Math.max(most, ++underWay);
      const response = await fetch(...args);
      const body = response.body!.pipeThrough(new TransformStream({ flush: () => void underWay-- }));
      return new Response(body, { status: response.status, headers: response.headers });
    };
    await download({ transport: { ...transport, fetch: counting } });
    expect(most).toBe(3);
  });

  it('asks for many blocks at once where that is as fast, and goes on within one that broke', async () => {
    const large = safetensorsBytes({ a: 400_000 });
    writeFolder(join(root, 'repository'), { 'large/weights.safetensors': large });
    let broken = 0;
    hub.faults = ({ origin, range }) => {
      const long = origin === 'cdn' && range !== undefined && range[1] - range[0] > 4 * blockBytes;
      return long && broken++ === 0 ? { kind: 'drop', afterBytes: 3 * blockBytes + 100 } : undefined;
    };
    const remote = await probe('large/weights.safetensors');
    const told: number[] = [];
    // Blocks so small come at any rate: the clock, not the line, is what a unit test can hold still.
    const now = vi.spyOn(performance, 'now').mockImplementation(() => 0);
    const pace = { ...options().pace, blockBytes: blockBytes / 2, commitMs: 0 };
    const onBytes = (count: number) => told.push(count);
    await downloadFile(storage, 'large', remote, options({ pace, onBytes })).finally(() => now.mockRestore());
    await expectStored(large, 'large');
    const lengths = rangesOf(0).map(({ range }) => Math.ceil((range![1] - range![0]) / (blockBytes / 2)));
    expect(lengths.filter((length) => length > 1).length).toBeGreaterThan(1);
    expect(broken).toBeGreaterThan(1);
    expect(told.reduce((sum, count) => sum + count)).toBe(large.length);
  });

  it('fetches nothing for a file that is complete', async () => {
    await download();
    const before = hub.requests.length;
    const resumed: number[] = [];
    await download({ onResumed: (count) => resumed.push(count) });
    expect(rangesOf(before)).toEqual([]);
    expect(resumed).toEqual([weightBytes.length]);
  });

  it.each<[string, Fault]>([
    ['status 429 with Retry-After', { kind: 'status', status: 429, retryAfter: '0' }],
    ['status 500', { kind: 'status', status: 500 }],
    ['status 503', { kind: 'status', status: 503 }],
    ['a stall', { kind: 'stall', afterBytes: 5000 }],
    ['a dropped connection', { kind: 'drop', afterBytes: 7000 }],
    ['a connection dropped at once', { kind: 'drop', afterBytes: 0 }],
  ])('goes on after %s', async (_, fault) => {
    hub.faults = once(fault);
    await download({ transport: { ...transport, stallMs: fault.kind === 'stall' ? 500 : 5000 } });
    await expectStored(weightBytes);
    expect(waits.length).toBeGreaterThan(0);
  });

  it('asks only for the rest of a range that broke', async () => {
    hub.faults = once({ kind: 'drop', afterBytes: 7000 });
    await download();
    const begins = rangesOf(0).map(({ range }) => range![0]);
    expect(begins).toContain(5 * blockBytes + 7000);
  });

  it('waits as long as the hub asks', async () => {
    hub.faults = once({ kind: 'status', status: 429, retryAfter: '1' });
    const began = performance.now();
    await download();
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(waits).toEqual([{ path: weights, milliseconds: 1000, reason: expect.stringContaining('429') }]);
  });

  it('gives up for a wait beyond patience, and says how long', async () => {
    hub.faults = once({ kind: 'status', status: 429, retryAfter: '86400' }, 5, 99);
    await expect(download()).rejects.toMatchObject({
      code: 'network-failed',
      found: expect.stringContaining('86400 s'),
    });
  });

  it.each<[string, Fault, string]>([
    ['401', { kind: 'status', status: 401 }, 'access-denied'],
    ['403', { kind: 'status', status: 403 }, 'access-denied'],
    ['404', { kind: 'status', status: 404 }, 'file-not-found'],
    ['416', { kind: 'status', status: 416 }, 'file-changed'],
    ['500 for good', { kind: 'status', status: 500 }, 'network-failed'],
    ['a stall for good', { kind: 'stall', afterBytes: 0 }, 'network-failed'],
    ['HTML with status 200', { kind: 'html' }, 'file-malformed'],
    ['the whole file for a range', { kind: 'ignore-range' }, 'file-changed'],
    ['another ETag', { kind: 'etag', etag: '"other"' }, 'file-changed'],
    ['wrong bytes', { kind: 'corrupt' }, 'file-malformed'],
  ])(
    'ends in the middle with %s, typed, and goes on from there when it is over',
    async (name, fault, code) => {
      hub.faults = once(fault, 5, 99);
      const impatient = { ...transport, stallMs: fault.kind === 'stall' ? 300 : 5000 };
      await expect(download({ transport: impatient })).rejects.toMatchObject({ code });
      hub.faults = undefined;
      const before = hub.requests.length;
      await download();
      await expectStored(weightBytes);
      // Wrong bytes are found at the end only: nothing of the file can be trusted then.
      const kept = name === 'wrong bytes' ? 0 : 5;
      expect(rangesOf(before)).toHaveLength(blockCount - kept);
    },
  );

  it.each<[string, Fault, string]>([
    ['HTML with status 200', { kind: 'html' }, 'file-malformed'],
    ['an LFS pointer', { kind: 'pointer' }, 'file-malformed'],
    ['404', { kind: 'status', status: 404 }, 'file-not-found'],
    ['5xx for good', { kind: 'status', status: 502 }, 'network-failed'],
  ])('refuses %s in place of weights before anything is stored', async (_, fault, code) => {
    hub.faults = ({ origin, path }) => (origin === 'hub' && path === weights ? fault : undefined);
    await expect(download()).rejects.toMatchObject({ code, subject: weights });
    expect(await storage.list('files')).toEqual([]);
  });

  it('refuses a gated model without a token, with one that is not let in, and takes one that is', async () => {
    const gated: HubSource = { ...source, id: 'tiny/gated' };
    const authorization = (token: string) => ({ authorization: `Bearer ${token}` });
    const path = 'gated.safetensors';
    await expect(probe(path, {}, gated)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('gated'),
      remedy: expect.stringContaining('enter an access token'),
    });
    await expect(probe(path, authorization('hf_bad'), gated)).rejects.toMatchObject({
      code: 'access-denied',
    });
    const headers = authorization('hf_good');
    const remote = await probe(path, headers, gated);
    await downloadFile(storage, 'gated', remote, options({ headers }));
    await expectStored(patternBytes(100), 'gated');
    // fetch takes the token off when it follows to the second origin.
    expect(hub.requests.filter(({ origin, authorization: sent }) => origin === 'cdn' && sent)).toEqual([]);
  });

  it('keeps small files to their git blob, and an empty one', async () => {
    const remote = await probe('unet/config.json');
    expect(remote.gitBlobId).toMatch(/^[0-9a-f]{40}$/u);
    await downloadFile(storage, 'config', remote, options());
    expect(new TextDecoder().decode(await storedBytes('config'))).toBe(config);
    const wrong = { ...remote, gitBlobId: '0'.repeat(40) };
    await expect(downloadFile(storage, 'other', wrong, options())).rejects.toMatchObject({
      code: 'file-malformed',
    });
    await downloadFile(storage, 'empty', await probe('unet/empty.json'), options());
    expect(await storedBytes('empty')).toHaveLength(0);
  });

  it('reads a server without ranges in one stream, and goes on after a break', async () => {
    hub.faults = ({ origin, before }) => {
      if (origin !== 'cdn') return undefined;
      return before === 1 ? { kind: 'drop', afterBytes: 50_000 } : { kind: 'ignore-range' };
    };
    const remote = await probe();
    expect(remote.takesRanges).toBe(false);
    // A dropped answer honours the range, which the stream doesn't ask for.
    await downloadFile(storage, file, remote, options());
    await expectStored(weightBytes);
  });

  it('refuses to go on with another version than the one begun with', async () => {
    hub.faults = once({ kind: 'status', status: 404 }, 5, 99);
    await expect(download()).rejects.toMatchObject({ code: 'file-not-found' });
    const remote = { ...(await probe()), sha256: undefined, etag: 'next' };
    await expect(downloadFile(storage, file, remote, options())).rejects.toMatchObject({
      code: 'file-changed',
      found: 'ETag next',
    });
    const hashed = { ...(await probe()), sha256: '1'.repeat(64) };
    await expect(downloadFile(storage, file, hashed, options())).rejects.toMatchObject({
      code: 'file-changed',
    });
  });

  it('hashes a few blocks behind, and vouches for none that the hash misses', async () => {
    let behind = 0;
    let most = 0;
    const slowly =
      (fails: (update: number) => boolean): DownloadFileOptions['openHash'] =>
      async (state, sizeBytes) => {
        const hash = (await openHash(state, sizeBytes))!;
        let updates = 0;
        let before: Promise<unknown> = Promise.resolve();
        const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
          const done = before.then(() => new Promise((resolve) => setTimeout(resolve, 5))).then(work);
          before = done.catch(() => {});
          return done;
        };
        return {
          ...hash,
          update: (bytes) => {
            most = Math.max(most, ++behind);
            return inTurn(async () => {
              behind -= 1;
              if (fails(updates++)) throw new Error('no memory');
              return hash.update(bytes);
            });
          },
          save: () => inTurn(hash.save),
          digest: () => inTurn(hash.digest),
        };
      };
    const pace = { ...options().pace, commitMs: 0 };
    const failing = download({ pace, openHash: slowly((update) => update === 4) });
    await expect(failing).rejects.toThrow('no memory');
    expect((await readManifest())?.blocks.length ?? 0).toBeLessThanOrEqual(4);
    await download({ openHash: slowly(() => false) });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(pace.unhashedBlocks + 1);
    await expectStored(weightBytes);
    expect((await readManifest())!.sha256).toBe(sha(weightBytes));
  });

  it('stops for a signal and keeps what has come', async () => {
    const abort = new AbortController();
    let received = 0;
    const onBytes = (count: number) => {
      received += count;
      if (received > 6 * blockBytes) abort.abort();
    };
    await expect(download({ signal: abort.signal, onBytes })).rejects.toMatchObject({ code: 'aborted' });
    const kept = parseFileManifest(await readJournaled(storage, manifestPath(file)))!.blocks.length;
    expect(kept).toBeGreaterThanOrEqual(3);
    const before = hub.requests.length;
    await download();
    expect(rangesOf(before)).toHaveLength(blockCount - kept);
    await expectStored(weightBytes);
  });
});

describe('float16', () => {
  it('stores float32 tensors as the nearest halves, the rest as it is, under a header that says so', async () => {
    const manifest = await download({ storeAs: 'float16' });
    expect(manifest).toMatchObject({ sha256: sha(weightBytes), storedAs: 'float16' });
    const stored = new DirectoryFiles(join(root, `store-${folders}`, 'files/tiny--model'));
    const { tensors, metadata } = await readSafetensorsHeader(stored, weights);
    const published = await readSafetensorsHeader(new DirectoryFiles(join(root, 'repository')), weights);
    expect(metadata).toEqual(published.metadata);
    expect(tensors.map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual(
      published.tensors.map(({ name, shape, dtype }) => [name, shape, dtype === 'f32' ? 'f16' : dtype]),
    );
    for (const [i, { begin, end, dtype }] of tensors.entries()) {
      const original = published.tensors[i]!;
      const bytes = await stored.read(weights, begin, end);
      const from = weightBytes.slice(original.begin, original.end);
      if (dtype === 'i64') {
        expect(sha(bytes)).toBe(sha(from));
        continue;
      }
      const floats = new Float32Array(from.buffer);
      const wanted = new Uint16Array(floats.length);
      floatsToHalves(floats, wanted);
      expect(sha(bytes)).toBe(sha(new Uint8Array(wanted.buffer)));
      const back = new Float32Array(floats.length);
      halvesToFloats(wanted, back);
      expect(back.every((value, k) => Math.abs(value - floats[k]!) <= Math.abs(floats[k]!) * 2 ** -11)).toBe(
        true,
      );
    }
  });

  it('goes on after a break as if there had been none', async () => {
    hub.faults = ({ origin, range, before }) =>
      origin === 'cdn' && range && range[0] > 130_000 && before === 0
        ? { kind: 'status', status: 404 }
        : undefined;
    await expect(download({ storeAs: 'float16' })).rejects.toMatchObject({ code: 'file-not-found' });
    hub.faults = undefined;
    const interrupted = await download({ storeAs: 'float16' });
    storage = diskStorage(join(root, `store-${folders}-whole`));
    const whole = await download({ storeAs: 'float16' });
    expect(interrupted.blocks).toEqual(whole.blocks);
  });

  it('says which tensor does not fit', async () => {
    const bytes = safetensorsBytes({ a: 4 });
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 1e6, true);
    writeFolder(join(root, 'repository'), { 'large.safetensors': bytes });
    const remote = await probe('large.safetensors');
    await expect(
      downloadFile(storage, 'large', remote, options({ storeAs: 'float16' })),
    ).rejects.toMatchObject({
      code: 'non-finite',
      subject: 'large.safetensors: a',
    });
  });
});

describe('damage on disk', () => {
  it.each(['original', 'float16'] as const)(
    'finds one wrong byte of a file stored as %s, and fetches only its block again',
    async (storeAs) => {
      const manifest = await download({ storeAs });
      expect(await damagedBlocks(storage, file, manifest)).toEqual([]);
      const good = await storedBytes();
      const at = manifest.blocks[3]!.end + 17;
      const open = await storage.open(`files/${file}`);
      await open.write(Uint8Array.of(good[at]! ^ 1), at);
      await open.close();
      expect(await damagedBlocks(storage, file, manifest)).toEqual([4]);
      const before = hub.requests.length;
      await repairBlocks(storage, file, manifest, await probe(), [4], options());
      await expectStored(good);
      expect(await damagedBlocks(storage, file, manifest)).toEqual([]);
      // Converting also needs the header: its length, and itself.
      expect(rangesOf(before)).toHaveLength(storeAs === 'original' ? 1 : 3);
    },
  );

  it('takes manifests of older versions, whose blocks had a SHA-256: to check, to mend and to go on with', async () => {
    const old = (of: FileManifest, stored: Uint8Array) => ({
      ...of,
      blocks: of.blocks.map(({ end }, i) => ({
        end,
        sha256: sha(stored.subarray(of.blocks[i - 1]?.end ?? 0, end)),
      })),
    });
    await download();
    const complete = parseFileManifest(old((await readManifest())!, weightBytes) as unknown as JsonObject)!;
    expect(await damagedBlocks(storage, file, complete)).toEqual([]);
    const open = await storage.open(`files/${file}`);
    await open.write(Uint8Array.of(weightBytes[70_000]! ^ 1), 70_000);
    await open.close();
    expect(await damagedBlocks(storage, file, complete)).toEqual([2]);
    await repairBlocks(storage, file, complete, await probe(), [2], options());
    await expectStored(weightBytes);

    storage = diskStorage(join(root, `store-${folders}-partial`));
    hub.faults = once({ kind: 'status', status: 404 }, 5, 99);
    await expect(download()).rejects.toMatchObject({ code: 'file-not-found' });
    hub.faults = undefined;
    await writeJournaled(storage, manifestPath(file), old((await readManifest())!, weightBytes));
    const before = hub.requests.length;
    const manifest = await download();
    expect(rangesOf(before)).toHaveLength(blockCount - 5);
    expect(new Set(manifest.blocks.map(({ digest }) => digest.length))).toEqual(new Set([64, 32]));
    expect(await damagedBlocks(storage, file, manifest)).toEqual([]);
    await expectStored(weightBytes);
  });

  it('finds a file that was cut short or is gone', async () => {
    const manifest = await download();
    const open = await storage.open(`files/${file}`);
    await open.truncate(blockBytes * 2 + 1);
    await open.close();
    const missing = Array.from({ length: blockCount - 2 }, (_, i) => i + 2);
    expect(await damagedBlocks(storage, file, manifest)).toEqual(missing);
    await repairBlocks(storage, file, manifest, await probe(), missing, options());
    await expectStored(weightBytes);
    await storage.remove(`files/${file}`);
    expect(await damagedBlocks(storage, file, manifest)).toHaveLength(blockCount);
  });
});
