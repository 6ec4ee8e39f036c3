/** Models from a hub into the browser's own storage: killed pages, two tabs, damage, no room, no network. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { halfPlan } from '../src/platform/store/half-plan.ts';
import { patternBytes, safetensorsBytes, writeFolder } from '../src/testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../src/testing/local-hub/local-hub.ts';
import { launchOptions } from './chromium.ts';
import { pagesOrigin } from './playwright.config.ts';

const root = mkdtempSync(join(tmpdir(), 'models-spec-'));
const model = 'tiny/model';
const stored = 'tiny--model';
const unet = 'unet/diffusion_pytorch_model.safetensors';
/** What the store cuts small files into. */
const blockBytes = 1024 * 1024;
let hub: LocalHub;

test.beforeAll(async () => {
  // Real configs: a model that the engine couldn't open would be refused.
  const recorded = join(import.meta.dirname, '../fixtures/reference/e2e');
  const small = Object.fromEntries(
    ['unet/config.json', 'vae/config.json', 'text_encoder/config.json', 'model_index.json'].map((path) => [
      path,
      readFileSync(join(recorded, path)),
    ]),
  );
  writeFolder(root, {
    ...small,
    'tokenizer/vocab.json': '{}',
    'tokenizer/merges.txt': '#version: 0.2\n',
    // Three dozen blocks; not float32 throughout, so that converting has something to keep.
    [unet]: safetensorsBytes({ down: 4_500_000, 'position.ids': 77, up: 4_800_001 }),
    'text_encoder/model.safetensors': safetensorsBytes({ words: 100_000 }),
    'vae/diffusion_pytorch_model.safetensors': safetensorsBytes({ decoder: 50_000 }),
    'README.md': patternBytes(100),
  });
  hub = await startLocalHub({ repositories: { [model]: { folder: root } } });
});
test.afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});
test.beforeEach(() => {
  hub.bytesPerSecond = undefined;
  hub.faults = undefined;
  hub.requests.length = 0;
});

async function openStore(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${pagesOrigin}/store.html`);
  await page.waitForFunction(() => 'store' in window);
  return page;
}

const download = (page: Page, storeAs: 'original' | 'float16' = 'original') =>
  page.evaluate(([url, id, as]) => window.store.download(url, id, as), [hub.url, model, storeAs] as const);

const published = (path: string) =>
  createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');

/** Of a file as float16, converted here. */
async function narrowedHash(path: string): Promise<string> {
  const bytes = new Uint8Array(readFileSync(join(root, path)));
  const plan = await halfPlan(path, bytes.length, blockBytes, async (begin, end) => bytes.slice(begin, end));
  const hash = createHash('sha256');
  for (let i = 0; i < plan.blockCount; i++) {
    const { begin, end } = plan.block(i);
    hash.update(plan.convert(i, bytes.slice(begin, end)));
  }
  return hash.digest('hex');
}

/** Bytes that the second origin was asked for, besides looking at the start of each file. */
const fetchedBytes = (from = 0) =>
  hub.requests
    .slice(from)
    .filter(({ origin, range }) => origin === 'cdn' && range?.[1] !== 256)
    .reduce((sum, { range }) => sum + range![1] - range![0], 0);

async function expectPublished(page: Page): Promise<void> {
  const hashes = await page.evaluate((folder) => window.store.hashes(folder), stored);
  for (const path of [unet, 'text_encoder/model.safetensors', 'vae/diffusion_pytorch_model.safetensors']) {
    expect(hashes[path], path).toBe(published(path));
  }
}

/** 0 to 1, the same at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const storedBytes = (page: Page): Promise<number> =>
  page.evaluate(async () => (await window.store.list())[0]?.storedBytes ?? 0);

test('a page killed at 20 random moments goes on to the right bytes', async ({ context }) => {
  const random = seeded(20);
  const unetBytes = readFileSync(join(root, unet)).length;
  // Five lives are never enough for all of it: a life puts away half a dozen blocks of the network's 36 at most.
  const bytesPerSecond = 1_000_000;
  let kills = 0;
  for (let round = 1; round <= 4; round++) {
    hub.bytesPerSecond = bytesPerSecond;
    const begun = hub.requests.length;
    for (let kill = 0; kill < 5; kill++) {
      const page = await openStore(context);
      const before = await storedBytes(page);
      const ended = download(page).catch(() => 'killed');
      await page.waitForFunction(() => window.store.told.some(({ receivedBytes }) => receivedBytes > 0));
      // Some of them while blocks of the network were being put away, the others before.
      if (kill % 2 === 1) {
        await expect.poll(() => storedBytes(page), { intervals: [50] }).toBeGreaterThan(before + blockBytes);
      }
      await page.waitForTimeout(random() * 600);
      await page.close();
      if ((await ended) === 'killed') kills += 1;
    }
    const page = await openStore(context);
    hub.bytesPerSecond = undefined;
    const last = hub.requests.length;
    expect(await download(page)).toBe('done');
    const resumedBytes = await page.evaluate(() => window.store.told.at(-1)!.resumedBytes);
    // What was put away of the network wasn't fetched again: neither thrown away, nor all of it.
    expect(resumedBytes).toBeGreaterThan(2 * blockBytes);
    expect(resumedBytes).toBeLessThan(unetBytes);
    expect(fetchedBytes(last)).toBeLessThanOrEqual(unetBytes - 2 * blockBytes);
    expect(fetchedBytes(begun)).toBeGreaterThanOrEqual(unetBytes);
    await expectPublished(page);
    expect(await page.evaluate((id) => window.store.remove(id), model)).toBe('done');
    await page.close();
  }
  expect(kills).toBe(20);
});

test('two tabs download a model once, and each finds it whole', async ({ context }) => {
  hub.bytesPerSecond = 20_000_000;
  const [first, second] = [await openStore(context), await openStore(context)];
  expect(await Promise.all([download(first, 'float16'), download(second, 'float16')])).toEqual([
    'done',
    'done',
  ]);
  const hashes = await first.evaluate((folder) => window.store.hashes(folder), stored);
  expect(await second.evaluate((folder) => window.store.hashes(folder), stored)).toEqual(hashes);
  // The browser narrows numbers by code of its own.
  expect(hashes[unet]).toBe(await narrowedHash(unet));
  // Headers are looked at before room is taken, and again.
  const isBlock = (range: readonly [number, number]) => range[1] - range[0] > 1000;
  const ranges = hub.requests.filter(({ origin, range }) => origin === 'cdn' && range && isBlock(range));
  expect(new Set(ranges.map(({ path, range }) => `${path} ${range}`)).size).toBe(ranges.length);
  const phases = await Promise.all(
    [first, second].map((page) => page.evaluate(() => window.store.told.map(({ phase }) => phase))),
  );
  expect(phases.filter((told) => told.includes('waiting'))).toHaveLength(1);
  // Half the bytes, plus an integer tensor.
  const [listed] = await first.evaluate(() => window.store.list());
  expect(listed!.storedBytes / listed!.sizeBytes).toBeCloseTo(0.5, 2);
});

test('a damaged byte is found and only its block fetched again; offline it is named', async ({ context }) => {
  const page = await openStore(context);
  expect(await download(page)).toBe('done');
  await page.evaluate((path) => window.store.damage(path, 5_000_000), `${stored}/${unet}`);
  await page.close();
  const again = await openStore(context);
  hub.faults = () => ({ kind: 'status', status: 404 });
  expect(
    await again.evaluate(([url, id]) => window.store.check(url, id), [hub.url, model] as const),
  ).toMatchObject({
    code: 'file-malformed',
  });
  hub.faults = undefined;
  const before = hub.requests.length;
  expect(await again.evaluate(([url, id]) => window.store.check(url, id), [hub.url, model] as const)).toBe(1);
  expect(fetchedBytes(before)).toBe(blockBytes);
  await expectPublished(again);
});

test('room is taken before the first byte is fetched', async () => {
  // A profile on disk: private contexts keep files in memory and count nothing.
  const profile = mkdtempSync(join(tmpdir(), 'models-profile-'));
  const context = await chromium.launchPersistentContext(profile, launchOptions('wasm'));
  try {
    const page = await openStore(context);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: pagesOrigin, quotaSize: 5_000_000 });
    expect(await download(page)).toMatchObject({ code: 'storage-full' });
    expect(fetchedBytes()).toBe(0);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: pagesOrigin });
    expect(await download(page)).toBe('done');
    await expectPublished(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
