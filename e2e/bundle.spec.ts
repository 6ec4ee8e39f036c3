/** What is built and what is fetched: one onnxruntime, one origin, nothing inline, nothing of the tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { StudioPage } from './studio-page.ts';

const dist = join(import.meta.dirname, '../dist');
const files = () =>
  readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1));
const scripts = () => files().filter((file) => /\.m?js$/u.test(file));
const text = (file: string) => readFileSync(join(dist, file), 'utf8');

test('onnxruntime is built twice, for browsers with JSPI and without: a WASM, a loader and a JavaScript each', () => {
  expect(files().filter((file) => file.endsWith('.wasm'))).toEqual([
    expect.stringMatching(/^assets\/ort-wasm-simd-threaded\.asyncify-.+\.wasm$/u),
    expect.stringMatching(/^assets\/ort-wasm-simd-threaded\.jspi-.+\.wasm$/u),
  ]);
  // A message of its start-up code, which every copy of the library has.
  const copies = scripts().filter((file) => text(file).includes('initializeWebAssembly()'));
  expect(copies).toHaveLength(2);
  expect(scripts().filter((file) => text(file).includes('em-pthread'))).toEqual([
    expect.stringMatching(/^assets\/ort-wasm-simd-threaded\.asyncify-.+\.mjs$/u),
    expect.stringMatching(/^assets\/ort-wasm-simd-threaded\.jspi-.+\.mjs$/u),
  ]);
});

test('the page itself carries no runtime and no tokenizer, and nothing is inline', () => {
  const page = text('index.html');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/u);
  expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/u);
  const entry = /<script[^>]*src="\.\/(assets\/[^"]+)"/u.exec(page)?.[1];
  expect(entry).toBeDefined();
  expect(text(entry!)).not.toMatch(/initializeWebAssembly\(\)|CLIPTokenizer/u);
});

test('nothing of the tests is in the build, and every model file is listed with its size', () => {
  expect(files().filter((file) => /engine\.html|cases\//u.test(file))).toEqual([]);
  const listing = JSON.parse(text('models/files.json')) as { files: Record<string, { sizeBytes: number }> };
  const built = files().filter((file) => file.startsWith('models/') && file !== 'models/files.json');
  expect(
    Object.keys(listing.files)
      .map((path) => `models/${path}`)
      .sort(),
  ).toEqual(built.sort());
  for (const [path, { sizeBytes }] of Object.entries(listing.files)) {
    expect(readFileSync(join(dist, 'models', path)).length, path).toBe(sizeBytes);
  }
});

test('a visit asks only its own origin, fetches one WASM, and is isolated', async ({ page, baseURL }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm', { steps: 2 });
  const elsewhere = studio.requests.filter(
    (url) => !/^(blob|data):/u.test(url) && new URL(url).origin !== baseURL,
  );
  expect(elsewhere).toEqual([]);
  const wasm = studio.requests.filter((url) => url.endsWith('.wasm'));
  expect(wasm).toEqual([expect.stringContaining('.jspi-')]);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(studio.complaints).toEqual([]);
});
