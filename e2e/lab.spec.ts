/** The laboratory: real training in its worker, from presets to the 3-flow, in both themes and on a phone. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';

/** Short trainings: the figures are rougher than the page's, and as real. */
const quick = 'steps=80';

class LabPage {
  readonly page: Page;
  readonly status: Locator;
  readonly rounds: Locator;
  readonly complaints: string[] = [];
  readonly requests: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.status = page.locator('[data-status]');
    this.rounds = page.getByRole('table', { name: 'Measures of the coupling and of every flow' });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.context().on('request', (request) => this.requests.push(request.url()));
  }

  async open(query: string): Promise<void> {
    await this.page.goto(`/#/lab?${query}`);
    await expect(this.page.getByRole('heading', { name: 'Rectified flow in the plane' })).toBeVisible();
    await expect(this.page.getByRole('img', { name: /^\(a\) Straight lines/u })).toBeVisible();
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(label, 'u') }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  async flowsTrained(count: number): Promise<void> {
    await expect(this.status).toHaveText(`${count} of 3 flows trained`);
  }

  /** A row of the table of rounds, as numbers; 0 = the pairs as drawn. */
  async round(number: number): Promise<number[]> {
    const cells = await this.rounds
      .getByRole('row')
      .nth(number + 1)
      .getByRole('cell')
      .allTextContents();
    return cells.map((text) => Number(text.replaceAll(',', '')));
  }

  async straightens(): Promise<void> {
    const [first, second] = [await this.round(1), await this.round(2)];
    expect(second[0]).toBeLessThan(first[0]! / 10);
    expect(first[1]).toBeLessThan((await this.round(0))[1]!);
  }

  async isAccessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }

  async fitsItsWidth(): Promise<void> {
    const beyond = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
  }
}

/** How many different colours a canvas shows. */
const coloursOf = (canvas: Locator): Promise<number> =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

test('light: presets to the 3-flow, distilled, bent, noised and walked back', async ({ page }) => {
  const lab = new LabPage(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await lab.open(quick);
  await lab.choose('Start', 'Gaussian');
  await lab.choose('End', 'Two moons');
  await lab.press('Train the 1-flow');
  await lab.flowsTrained(1);
  // The first flow plays by itself; still, it leaves the machine to the training.
  await lab.press('Pause the particles');
  await lab.press('Up to the 3-flow');
  await lab.flowsTrained(3);
  await lab.straightens();
  expect(await coloursOf(page.getByRole('img', { name: /^\(f\) Paths of the 3-flow/u }))).toBeGreaterThan(10);
  for (const work of [
    'Distil both',
    'Train the diffusion flow',
    'Walk forward',
    'Go back along the 1-flow',
  ]) {
    await lab.press(work);
    await lab.flowsTrained(3);
  }
  await expect(page.getByText(/misses its teacher by/u)).toHaveCount(2);
  await expect(page.getByText(/back within .+, 1-flow/u)).toBeVisible();
  await lab.isAccessible();
  await lab.fitsItsWidth();
  expect(lab.complaints).toEqual([]);
  // Nothing of the engine is fetched for it, and nothing from elsewhere.
  expect(lab.requests.filter((url) => /ort-wasm|\.safetensors/u.test(url))).toEqual([]);
  expect(lab.requests.some((url) => /lab-page/u.test(url))).toBe(true);
});

test('dark, on a phone, with still motion: a link trains what it says, and t is the reader’s', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await lab.open(`${quick}&flows=3`);
  await lab.flowsTrained(3);
  await lab.straightens();
  const play = page.getByRole('button', { name: 'Play the particles' });
  await expect(play).toBeVisible();
  const time = page.getByRole('slider', { name: 'Time t' });
  await time.press('Home');
  await expect(time).toHaveValue('0');
  await lab.isAccessible();
  await lab.fitsItsWidth();
  expect(lab.complaints).toEqual([]);
});

test('pause, step, reset; the same seed gives the same numbers; files of the figure', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('steps=400&from=spiral&to=rings');
  await lab.press('Train the 1-flow');
  await lab.press('Pause');
  await expect(lab.status).toHaveText(/^1-flow: paused after \d+ steps$/u);
  // What was under way when Pause was pressed still arrives.
  await page.waitForTimeout(500);
  const before = Number(/\d+(?= steps)/u.exec((await lab.status.textContent()) ?? '')?.[0]);
  await lab.press('One step');
  await expect(lab.status).toHaveText(`1-flow: paused after ${before + 1} steps`);
  await lab.press('Reset');
  await expect(lab.status).toHaveText('Nothing trained yet');

  await page.getByLabel('Training steps').fill('60');
  await page.getByLabel('Training steps').press('Tab');
  await lab.press('Train the 1-flow');
  await lab.flowsTrained(1);
  const once = await lab.round(1);
  await page.goto('about:blank');
  await lab.open('steps=60&from=spiral&to=rings&flows=1');
  await lab.flowsTrained(1);
  expect(await lab.round(1)).toEqual(once);

  for (const [format, start] of [
    ['SVG', '<svg'],
    ['PNG', '\x89PNG'],
    ['GIF', 'GIF89a'],
  ] as const) {
    const download = page.waitForEvent('download');
    await lab.press(`Save figure 2 as ${format}`);
    const path = await (await download).path();
    expect(readFileSync(path).toString('latin1').slice(0, start.length)).toBe(start);
  }
  expect(lab.complaints).toEqual([]);
});

test('a distribution of one’s own, by pointer and by keys, is in the link', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(quick);
  await lab.press('Draw the end yourself');
  const pad = page.getByRole('application', { name: /^Drawing area/u });
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 80, { steps: 8 });
  await page.mouse.up();
  await pad.focus();
  for (const key of [' ', 'ArrowRight', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await expect(pad).toHaveAccessibleName(/2 strokes/u);
  await lab.press('Use this drawing');
  await expect(page.getByText('Drawn by you')).toBeVisible();
  await expect.poll(() => page.url()).toContain('to=drawn%3A');
  await lab.press('Train the 1-flow');
  await lab.flowsTrained(1);
  expect((await lab.round(1))[0]).toBeGreaterThan(0);
  expect(lab.complaints).toEqual([]);
});
