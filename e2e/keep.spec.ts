/** Keeping: files that carry their settings, links, the gallery, and a page that any host can serve. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { expectAccessible, expectFits } from './accessible-page.ts';
import { servePlainly } from './plain-host.ts';
import { largestDifference, type Pictures, pixelsOf, StudioPage } from './studio-page.ts';

const dist = join(import.meta.dirname, '../dist');
test.setTimeout(900_000);
const apple = 'prompt=a+red+apple&seed=7&b.steps=2';

async function openLink(page: Page, link: string): Promise<{ studio: StudioPage; pictures: Pictures }> {
  const studio = new StudioPage(page);
  await page.goto(link);
  return { studio, pictures: await finished(studio) };
}

async function finished(studio: StudioPage): Promise<Pictures> {
  // The first draw of a page also starts the engine, on machines that may be busy.
  await expect(studio.oneStep).toHaveAttribute('data-state', 'done', { timeout: 240_000 });
  await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
  return { one: await pixelsOf(studio.oneStep), many: await pixelsOf(studio.manySteps) };
}

async function dropFile(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const data = new DataTransfer();
      const file = Uint8Array.from(atob(base64!), (character) => character.charCodeAt(0));
      data.items.add(new File([file], fileName!, { type: 'image/png' }));
      return data;
    },
    [name, bytes.toString('base64')],
  );
  await page.locator('body').dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop a saved PNG')).toBeVisible();
  await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer });
}

async function freshPage(browser: Browser, baseURL: string | undefined): Promise<Page> {
  const context = await browser.newContext({ baseURL: baseURL ?? '', serviceWorkers: 'block' });
  return context.newPage();
}

test('settings travel in files and links, pictures stay in the gallery', async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { studio, pictures } = await openLink(page, `/?backend=wasm#/?${apple}`);
  const saved = await test.step('a saved PNG holds the pixels and the settings', async () => {
    await page.getByRole('button', { name: 'Save or copy side B' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
    expect((await download).suggestedFilename()).toBe('a-red-apple_2-rf-nano_2-steps_seed-7.png');
    const bytes = readFileSync(await (await download).path());
    const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([...data]).toEqual(pictures.many.data);
    expect(bytes.toString('latin1')).toMatch(
      /tEXtparameters\0a red apple\nSteps: 2, Sampler: .*Seed: 7, Size: 64x64/u,
    );
    return bytes;
  });

  await test.step('a copied picture is the picture', async () => {
    await page.getByRole('button', { name: 'Save or copy side A' }).click();
    await page.getByRole('menuitem', { name: 'Copy picture' }).click();
    await expect(page.getByText('Copied')).toBeVisible();
    const types = await page.evaluate(async () => (await navigator.clipboard.read())[0]?.types);
    expect(types).toEqual(['image/png']);
  });

  await test.step('“Kept” is said only of what was kept, and the page says why not', async () => {
    // The browser's own quota isn't held to the byte: its refusal is played.
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      let refusals = 2;
      IDBObjectStore.prototype.put = () => {
        refusals -= 1;
        if (refusals === 0) IDBObjectStore.prototype.put = put;
        throw new DOMException('no room', 'QuotaExceededError');
      };
    });
    await page.getByRole('button', { name: 'Save or copy side A' }).click();
    await page.getByRole('menuitem', { name: 'Keep in gallery' }).click();
    await expect(page.getByText('Not kept', { exact: true })).toBeVisible();
    const notice = page.getByRole('alert');
    await expect(notice).toContainText('This browser has no room left here');
    await notice.getByRole('button', { name: 'Close' }).click();
    await expect(notice).toBeHidden();
  });

  await test.step('a link draws the same pixels in a fresh profile', async () => {
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain('a=instaflow-nano');
    const fresh = await freshPage(browser, baseURL);
    const other = await openLink(fresh, link);
    expect(largestDifference(pictures.one, other.pictures.one)).toBe(0);
    expect(largestDifference(pictures.many, other.pictures.many)).toBe(0);
    await fresh.context().close();
  });

  await test.step('a dropped PNG brings its settings back', async () => {
    await studio.drawBoth({ prompt: 'a fox', seed: 8, steps: 1 });
    await dropFile(page, 'apple.png', saved);
    await expect(studio.prompt).toHaveValue('a red apple');
    await expect(page.getByText('Settings taken over')).toBeVisible();
    await studio.waitUntilIdle();
    expect(largestDifference(pictures.many, (await finished(studio)).many)).toBe(0);
  });

  await test.step('a file that lies changes nothing and says what is wrong', async () => {
    await dropFile(page, 'cut.png', saved.subarray(0, 40));
    await expect(page.getByRole('alert')).toContainText('a chunk of');
    await expect(studio.prompt).toHaveValue('a red apple');
  });

  await test.step('the gallery survives a reload, is searched, exported, and forgives', async () => {
    await page.goto('/?backend=wasm#/gallery');
    await page.reload();
    const tiles = page.getByRole('button', { name: /^Open in the studio/u });
    await expect(tiles).toHaveCount(2);
    await page.getByRole('searchbox').fill('FOX seed 8');
    await expect(tiles).toHaveCount(1);
    await page.getByRole('searchbox').fill('');
    for (const name of ['Select a red apple', 'Select a fox']) {
      await page.getByRole('checkbox', { name }).check({ force: true });
    }
    const bar = page.getByRole('toolbar', { name: 'Selected entries' });
    await expect(bar).toContainText('2 selected');
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await bar.getByRole('button', { name: /^Zip/u }).click();
    const files = unzipSync(readFileSync(await (await download).path()));
    expect(Object.keys(files)).toHaveLength(4);
    expect(Buffer.from(files['a-red-apple_2-rf-nano_2-steps_seed-7.png']!).equals(saved)).toBe(true);
    await bar.getByRole('button', { name: 'Delete' }).press('Enter');
    await expect(tiles).toHaveCount(0);
    // The focused button went with the bar: the keyboard is on the way back.
    await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    await expect(tiles).toHaveCount(2);
    await expectFits(page);
  });
  expect(studio.complaints).toEqual([]);
});

test.describe('on a host that sets no headers, under a path', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page is isolated, draws, works without a network, and lends its engine', async ({ page }) => {
    const host = await servePlainly(dist, '/any/where/');
    try {
      await openLink(page, `${host.address}?backend=wasm#/?${apple}`);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await expect(page.locator('html')).toHaveAttribute('data-offline', 'ready');
      // The example runs in the service worker's scope: isolated, with the engine that was built beside it.
      await page.goto(`${host.address}examples/embed/?backend=wasm`);
      await expect(page.locator('output')).toHaveText(/^Drawn by InstaFlow-nano in \d+ ms$/u);
    } finally {
      await host.close();
    }
    await openLink(page, `${host.address}?backend=wasm#/?${apple}`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });
});
