import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHttpFiles } from './http-files.ts';

/** A real server: two files, ranges, and what servers do wrong. */
const small = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const large = Uint8Array.from({ length: 100_000 }, (_, i) => i % 253);
const listing = {
  files: {
    'unet/small.bin': { sizeBytes: small.length, hash: 'aa' },
    'unet/large.bin': { sizeBytes: large.length, hash: 'bb' },
    'short.bin': { sizeBytes: small.length + 1, hash: 'cc' },
    'gone.bin': { sizeBytes: 5, hash: 'dd' },
  },
};
let server: Server;
let root: string;
let requests: string[] = [];

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const path = incoming.url!.replace(/^\/m\/|\?.*$/gu, '');
    requests.push(`${incoming.url!.slice(3)} ${incoming.headers.range ?? ''}`.trim());
    if (path === 'files.json') return outgoing.end(JSON.stringify(listing));
    const bytes =
      path === 'unet/large.bin' ? large : path.endsWith('.bin') && path !== 'gone.bin' ? small : undefined;
    if (!bytes) {
      outgoing.setHeader('content-type', 'text/html; charset=utf-8');
      return outgoing.end('<!doctype html>');
    }
    const range = /bytes=(\d+)-(\d+)/u.exec(incoming.headers.range ?? '');
    if (range) outgoing.statusCode = 206;
    return outgoing.end(range ? bytes.subarray(Number(range[1]), Number(range[2]) + 1) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m/`;
});
afterAll(() => void server.close());
beforeEach(() => {
  requests = [];
});

const open = (options = {}) => openHttpFiles({ root, wholeFileBytes: 5000, ...options });

describe('HttpFiles', () => {
  it('knows what is there without asking', async () => {
    const files = await open();
    requests = [];
    expect(await files.has('unet/small.bin')).toBe(true);
    expect(await files.has('unet/other.bin')).toBe(false);
    expect(await files.size('unet/large.bin')).toBe(100_000);
    await expect(files.size('unet/other.bin')).rejects.toMatchObject({ code: 'file-not-found' });
    expect(requests).toEqual([]);
  });

  it('fetches a small file once for all its reads, concurrent ones too, and tells its progress', async () => {
    const files = await open();
    const told: number[] = [];
    files.onProgress = (_, loaded, total) => told.push(loaded / total);
    const [a, b] = await Promise.all([
      files.read('unet/small.bin', 3, 7),
      files.read('unet/small.bin', 990, 1000),
    ]);
    expect([...a!, ...b!]).toEqual([...small.subarray(3, 7), ...small.subarray(990)]);
    expect(requests).toEqual(['files.json', 'unet/small.bin?v=aa']);
    expect(told.at(-1)).toBe(1);
  });

  it('hands out copies: a reader may change what it got', async () => {
    const files = await open();
    (await files.read('unet/small.bin', 0, 4)).fill(0);
    expect([...(await files.read('unet/small.bin', 0, 4))]).toEqual([...small.subarray(0, 4)]);
  });

  it('fetches only the range of a large file', async () => {
    const files = await open();
    expect([...(await files.read('unet/large.bin', 50_000, 50_004))]).toEqual([
      ...large.subarray(50_000, 50_004),
    ]);
    expect(requests.at(-1)).toBe('unet/large.bin?v=bb bytes=50000-50003');
  });

  it('lets go of the longest unused file beyond its budget', async () => {
    const files = await open({ heldBytes: 1500, wholeFileBytes: 2000 });
    await files.read('unet/small.bin', 0, 1);
    await files.read('short.bin', 0, 1).catch(() => {});
    await files.read('unet/small.bin', 0, 1);
    expect(requests.filter((line) => line.startsWith('unet/small'))).toHaveLength(2);
  });

  it('still reads what it holds when the server is gone', async () => {
    let connected = true;
    const fetch: typeof globalThis.fetch = (...args) =>
      connected ? globalThis.fetch(...args) : Promise.reject(new TypeError('Failed to fetch'));
    const files = await open({ fetch });
    await files.prefetch(['unet/small.bin']);
    connected = false;
    expect(await files.read('unet/small.bin', 0, 1000)).toEqual(small);
    await expect(files.read('gone.bin', 0, 1)).rejects.toMatchObject({
      code: 'file-not-found',
      found: 'Failed to fetch',
    });
  });

  it.each([
    ['short.bin', 'file-malformed', 'a file shorter than listed'],
    ['gone.bin', 'file-not-found', 'a page in place of the file'],
  ])('%s: %s for %s', async (path, code) => {
    await expect((await open()).read(path, 0, 1)).rejects.toMatchObject({ code, subject: path });
  });

  it('refuses a range beyond the end, and reads nothing once cancelled', async () => {
    const files = await open();
    requests = [];
    await expect(files.read('unet/small.bin', 0, 1001)).rejects.toMatchObject({ code: 'file-malformed' });
    await expect(files.read('unet/large.bin', 0, 9, AbortSignal.abort())).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(requests).toEqual([]);
  });
});
