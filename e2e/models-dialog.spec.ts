/** The models dialog with the real engine: a hub on this machine, a folder on disk, LoRA files, faults, no network. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { exportPipeline } from '../src/testing/exported-pipeline.ts';
import { writeFolder } from '../src/testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../src/testing/local-hub/local-hub.ts';
import { beginWithSteps } from './first-settings.ts';
import { largestDifference, type Pixels, pixelsOf, StudioPage } from './studio-page.ts';

const fixtures = join(import.meta.dirname, '../fixtures/reference');
const root = mkdtempSync(join(tmpdir(), 'models-dialog-'));
/** The recorded tiny pipeline, whose tokenizer is the embedded models'. */
const pipeline = join(root, 'tiny-pipeline');
/** The same pipeline as ONNX files, written by its test. */
const onnx = join(root, 'tiny-onnx');
const published = 'XCLiu/instaflow_0_9B_from_sd_1_5';
const network = 'unet/diffusion_pytorch_model.safetensors';
let hub: LocalHub;

test.beforeAll(async () => {
  for (const part of ['model_index.json', 'scheduler', 'text_encoder', 'unet', 'vae']) {
    cpSync(join(fixtures, 'e2e', part), join(pipeline, part), { recursive: true });
  }
  cpSync(join(fixtures, '../../models/nano/tokenizer'), join(pipeline, 'tokenizer'), { recursive: true });
  hub = await startLocalHub({
    repositories: {
      [published]: { folder: pipeline, licence: 'mit' },
      'madebyollin/taesd': { folder: join(fixtures, 'taesd-tiny'), licence: 'mit' },
      'tiny/gated': { folder: pipeline, gated: true },
      'tiny/portal': { folder: pipeline },
      'tiny/exported': { folder: onnx, licence: 'mit' },
    },
    tokens: ['hf_local'],
  });
});
test.afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});
test.beforeEach(() => {
  hub.faults = undefined;
  hub.bytesPerSecond = undefined;
});

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Models' });

async function openStudio(page: Page): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 2);
  await studio.open('wasm');
  return studio;
}

async function openDialog(page: Page, { token = '' } = {}): Promise<Locator> {
  await page.getByRole('button', { name: /^Models/u }).click();
  const models = dialog(page);
  await models.getByText('Hub and token').click();
  await models.getByLabel(/^Address of a mirror/u).fill(hub.url);
  await models.getByLabel(/^Access token/u).fill(token);
  return models;
}

async function lookUp(models: Locator, id: string): Promise<void> {
  await models.getByLabel(/^Another model/u).fill(id);
  await models.getByRole('button', { name: 'Look up' }).click();
}

async function accept(models: Locator): Promise<void> {
  const download = models.getByRole('button', { name: /^Download/u });
  await expect(models.getByText('No safety checker runs on the pictures')).toBeVisible();
  await expect(download).toBeDisabled();
  await models.getByText('I accept the licence').click();
  await download.click();
}

/** Changes the last byte of a file in the browser's storage; runs in the page. */
async function damage(path: readonly string[]): Promise<void> {
  let folder = await navigator.storage.getDirectory();
  for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
  const handle = await folder.getFileHandle(path.at(-1)!);
  const file = await handle.getFile();
  const [byte] = new Uint8Array(await file.slice(file.size - 1).arrayBuffer());
  const writable = await handle.createWritable({ keepExistingData: true });
  await writable.write({ type: 'write', position: file.size - 1, data: Uint8Array.of(byte! ^ 1) });
  await writable.close();
}

const rowOf = (models: Locator, title: string): Locator =>
  models.getByRole('listitem').filter({ hasText: title });

async function chooseModel(page: Page, side: 'A' | 'B', title: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`Model of side ${side}`, 'u') }).click();
  await page.getByRole('option', { name: title }).click();
}

async function choose(page: Page, name: RegExp, option: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('option', { name: option }).click();
}

/** Draws, and waits until both sides are there. */
async function drawn(studio: StudioPage): Promise<Pixels> {
  await studio.drawButton.click();
  await studio.waitUntilIdle();
  await expect(studio.oneStep.or(studio.page.getByRole('region', { name: /^Side A/u }))).toHaveAttribute(
    'data-state',
    'done',
  );
  await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
  return pixelsOf(studio.manySteps);
}

async function expectPresentable(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  const inside = () => dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth);
  await expect.poll(inside).toBeLessThanOrEqual(0);
  await page.setViewportSize(before);
}

async function pickFiles(page: Page, press: () => Promise<void>, paths: string | string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await press();
  await (await chooser).setFiles(paths);
}

test('a published model: terms, a download that is paused and goes on, a picture, its fast decoder, deletion', async ({
  page,
}) => {
  const studio = await openStudio(page);
  const models = await openDialog(page);
  await test.step('terms before the first byte', async () => {
    await expectPresentable(page);
    await rowOf(models, 'InstaFlow-0.9B').getByRole('button', { name: 'Get InstaFlow-0.9B' }).click();
    await expect(models.getByText(published)).toBeVisible();
    await expectPresentable(page);
  });
  const row = rowOf(models, 'InstaFlow-0.9B');
  await test.step('download, pause, go on', async () => {
    hub.bytesPerSecond = 400_000;
    await accept(models);
    await expect(row.getByRole('progressbar')).toContainText('/s');
    await row.getByRole('button', { name: 'Pause InstaFlow-0.9B' }).click();
    await expect(row).toContainText(/Paused, .* fetched/u);
    hub.bytesPerSecond = undefined;
    await row.getByRole('button', { name: 'Continue InstaFlow-0.9B' }).click();
    await expect(row).toContainText('Here,');
  });
  await test.step('a download that is cancelled leaves nothing', async () => {
    hub.bytesPerSecond = 10_000;
    await rowOf(models, 'TAESD').getByRole('button', { name: /^Get/u }).click();
    await accept(models);
    const decoder = rowOf(models, 'TAESD');
    await decoder.getByRole('button', { name: /^Cancel/u }).click();
    await decoder.getByRole('button', { name: /^Delete/u }).click();
    await expect(decoder.getByRole('button', { name: /^Get/u })).toBeVisible();
    hub.bytesPerSecond = undefined;
  });
  const own = await test.step('a picture of the downloaded model', async () => {
    await row.getByRole('button', { name: 'Use InstaFlow-0.9B' }).click();
    await expect(models).toBeHidden();
    await expect(page.getByRole('button', { name: /Model of side A/u })).toContainText('InstaFlow-0.9B');
    await chooseModel(page, 'B', 'InstaFlow-0.9B');
    await choose(page, /Size/u, '256 × 256');
    await expect(page.getByRole('region', { name: 'Decoder' })).toContainText('has no tiny one here');
    const picture = await drawn(studio);
    expect(picture.width).toBe(256);
    return picture;
  });
  await test.step('its tiny decoder, once it is here', async () => {
    await openDialog(page);
    await rowOf(models, 'TAESD').getByRole('button', { name: /^Get/u }).click();
    await accept(models);
    await expect(rowOf(models, 'TAESD')).toContainText('Here,');
    await page.keyboard.press('Escape');
    await choose(page, /Decoder of side B/u, 'Fast');
    const fast = await drawn(studio);
    expect(largestDifference(own, fast)).toBeGreaterThan(20);
    expect(largestDifference(own, await pixelsOf(studio.oneStep))).toBe(0);
    await choose(page, /Decoder of side B/u, "The model's own");
    expect(largestDifference(own, await drawn(studio))).toBe(0);
  });
  await test.step('deletion', async () => {
    await openDialog(page);
    await row.getByRole('button', { name: 'Delete InstaFlow-0.9B' }).click();
    await row.getByRole('button', { name: /^Delete \d/u }).click();
    await expect(row.getByRole('button', { name: 'Get InstaFlow-0.9B' })).toBeVisible();
  });
  expect(studio.complaints).toEqual([]);
});

test('a folder on disk and LoRA files: the picture changes, and comes back exactly', async ({ page }) => {
  // The way of browsers without a directory picker: tests can't press the system's.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
  const studio = await openStudio(page);
  await test.step('a folder', async () => {
    const models = await openDialog(page);
    await pickFiles(page, () => models.getByRole('button', { name: 'Open a folder' }).click(), pipeline);
    await expect(models.getByText('tiny-pipeline can be chosen now')).toBeVisible();
    await models.getByRole('button', { name: 'Use tiny-pipeline' }).click();
    await expect(page.getByRole('button', { name: /Model of side A/u })).toContainText('tiny-pipeline');
    await expect(page.getByRole('button', { name: /Model of side B/u })).toContainText('tiny-pipeline');
    await studio.set({ steps: 2 });
  });
  const base = await drawn(studio);
  const group = page.getByRole('region', { name: 'LoRA' });
  const name = 'kohya_full_alpha3.safetensors';
  const addLora = (file: string) =>
    pickFiles(page, () => group.getByRole('button', { name: 'Add a file' }).click(), file);
  await test.step('a LoRA at full and at half strength', async () => {
    await addLora(join(fixtures, 'lora', name));
    await expect(page.getByText(`${name} added.`)).toBeVisible();
    await expect(group).toContainText('LoRA of network and text encoder');
    const whole = await drawn(studio);
    expect(largestDifference(base, whole)).toBeGreaterThan(2);
    const strength = group.getByRole('textbox', { name: `Strength of ${name} on side B` });
    await strength.fill('0.5');
    await strength.press('Tab');
    expect(largestDifference(whole, await drawn(studio))).toBeGreaterThan(0);
  });
  await test.step('removed, the exact base is back', async () => {
    await group.getByRole('button', { name: `Remove ${name}` }).click();
    expect(largestDifference(base, await drawn(studio))).toBe(0);
  });
  await test.step('what fits nothing says so', async () => {
    await addLora(join(fixtures, '../../models/nano/vae/diffusion_pytorch_model.safetensors'));
    await expect(page.getByRole('alert')).toContainText('is no tensor of a plain LoRA');
    await addLora(join(fixtures, 'lora', name));
    await expect(group).toContainText(name);
    await chooseModel(page, 'A', 'InstaFlow-nano');
    await studio.drawButton.click();
    await studio.waitUntilIdle();
    await expect(studio.oneStep).toHaveAttribute('data-state', 'error');
    await expect(studio.oneStep.getByRole('alert')).toContainText(name);
    await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
    await studio.oneStep.getByRole('button', { name: 'Leave it out' }).click();
    await expect(studio.oneStep).toHaveAttribute('data-state', 'done');
  });
  expect(studio.complaints).toEqual([]);
});

/** As a file manager does it: only so a folder comes as a folder. */
async function dropFolder(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await drag('dragEnter');
  await drag('dragOver');
  await expect(page.getByText('or a model folder to open it')).toBeVisible();
  await drag('drop');
  await session.detach();
}

test('a folder that is dropped on any page is opened in the dialog', async ({ page }) => {
  const studio = await openStudio(page);
  const models = dialog(page);
  await test.step('a model, in the studio', async () => {
    await dropFolder(page, pipeline);
    await expect(models.getByText('tiny-pipeline can be chosen now')).toBeVisible();
    await expect(models.getByText('tiny-pipeline can be chosen now')).toBeInViewport();
    await expect(page.getByText('or a model folder to open it')).toBeHidden();
  });
  await test.step('no model, while the dialog is open', async () => {
    await dropFolder(page, join(pipeline, 'unet'));
    await expect(models.getByRole('alert')).toContainText('model_index.json');
    await expect(models.getByRole('alert')).toBeInViewport();
    await expect(models.getByText('can be chosen now')).toBeHidden();
    await expectPresentable(page);
    await page.keyboard.press('Escape');
  });
  await test.step('what it draws', async () => {
    await chooseModel(page, 'A', 'tiny-pipeline');
    await chooseModel(page, 'B', 'tiny-pipeline');
    await studio.set({ steps: 2 });
    await drawn(studio);
  });
  await test.step('in the gallery, where no engine was started yet', async () => {
    await page.goto('/#/gallery');
    await page.reload();
    await expect(page.getByRole('button', { name: /^Models/u })).toBeVisible();
    await dropFolder(page, pipeline);
    await expect(models.getByText('tiny-pipeline can be chosen now')).toBeVisible();
  });
  expect(studio.complaints).toEqual([]);
});

test('a ready ONNX pipeline draws what its safetensors draw, from this disk and from a hub', async ({
  page,
}) => {
  const files = new DirectoryFiles(pipeline);
  writeFolder(onnx, await exportPipeline(files, { width: 8, height: 8 }, 77));
  cpSync(join(pipeline, 'tokenizer'), join(onnx, 'tokenizer'), { recursive: true });
  writeFolder(onnx, { 'unet/config.json': '{"sample_size": 8}' });
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
  const studio = await openStudio(page);
  const models = await openDialog(page);
  for (const folder of [pipeline, onnx]) {
    await pickFiles(page, () => models.getByRole('button', { name: 'Open a folder' }).click(), folder);
    await expect(models.getByText(`${basename(folder)} can be chosen now`)).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await chooseModel(page, 'A', 'tiny-pipeline');
  await chooseModel(page, 'B', 'tiny-onnx');
  const steps = page.getByLabel('Steps of side A', { exact: true });
  await steps.fill('2');
  await steps.press('Tab');
  const exported = await drawn(studio);
  const own = await pixelsOf(page.getByRole('region', { name: /^Side A/u }));
  // The exported network takes its latents in half precision.
  expect(largestDifference(own, exported)).toBeLessThanOrEqual(3);
  await test.step('fetched by its id, it draws the same', async () => {
    await openDialog(page);
    await lookUp(models, 'tiny/exported');
    await accept(models);
    await expect(rowOf(models, 'tiny/exported')).toContainText('Here,');
    await page.keyboard.press('Escape');
    await chooseModel(page, 'B', 'tiny/exported');
    expect(largestDifference(exported, await drawn(studio))).toBe(0);
  });
  expect(studio.complaints).toEqual([]);
});

test('what a hub refuses is said, and nothing is kept', async ({ page }) => {
  const studio = await openStudio(page);
  await test.step('a gated model without a token, then with one', async () => {
    let models = await openDialog(page);
    await lookUp(models, 'tiny/gated');
    await expect(models.getByText(/^Gated/u)).toBeVisible();
    await accept(models);
    await expect(models.getByRole('alert')).toContainText('access token');
    await expectPresentable(page);
    await page.keyboard.press('Escape');
    models = await openDialog(page, { token: 'hf_local' });
    await lookUp(models, 'tiny/gated');
    await accept(models);
    await expect(rowOf(models, 'tiny/gated')).toContainText('Here,');
  });
  await test.step('its damaged block, without the token, then with it', async () => {
    await page.evaluate(damage, ['models', 'files', 'tiny--gated', ...network.split('/')]);
    const models = dialog(page);
    const row = rowOf(models, 'tiny/gated');
    const check = models.getByRole('button', { name: 'Check files of tiny/gated' });
    await models.getByText('Hub and token').click();
    await models.getByLabel(/^Access token/u).fill('');
    await check.click();
    await expect(row.getByRole('alert')).toContainText('enter the access token');
    await models.getByLabel(/^Access token/u).fill('hf_local');
    await check.click();
    await expect(row).toContainText('One damaged block was fetched again');
    await check.click();
    await expect(row).toContainText('All files are right');
    await expectPresentable(page);
  });
  await test.step('a page in place of the weights', async () => {
    hub.faults = ({ path }) => (path === network ? { kind: 'html' } : undefined);
    const models = dialog(page);
    await lookUp(models, 'tiny/portal');
    await accept(models);
    const alert = models.getByRole('alert');
    await expect(alert).toContainText(/page|HTML/u);
    await expectPresentable(page);
  });
  expect(studio.complaints.filter((complaint) => !/401|403/u.test(complaint))).toEqual([]);
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page starts, and draws with the model that was downloaded', async ({ page, context }) => {
    const studio = await openStudio(page);
    const models = await openDialog(page);
    await lookUp(models, published);
    await accept(models);
    await expect(rowOf(models, published)).toContainText('Here,');
    await page.keyboard.press('Escape');
    await chooseModel(page, 'A', published);
    await chooseModel(page, 'B', published);
    const first = await drawn(studio);
    // The first visit of the model's is what a reader has who comes back.
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-offline', 'ready');
    await context.setOffline(true);
    await page.reload();
    await studio.waitUntilIdle();
    await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
    expect(largestDifference(first, await pixelsOf(studio.manySteps))).toBe(0);
  });
});
