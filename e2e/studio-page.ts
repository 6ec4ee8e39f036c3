/** The studio as a script sees it: the names that the page promises, nothing of its markup. */
import { expect, type Locator, type Page } from '@playwright/test';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: readonly number[];
}

export interface Pictures {
  readonly one: Pixels;
  readonly many: Pixels;
}

export interface DrawSettings {
  readonly prompt?: string;
  readonly seed?: number;
  readonly steps?: number;
}

export class StudioPage {
  readonly page: Page;
  readonly prompt: Locator;
  readonly seed: Locator;
  readonly steps: Locator;
  readonly drawButton: Locator;
  readonly cancelButton: Locator;
  readonly oneStep: Locator;
  readonly manySteps: Locator;
  readonly trajectory: Locator;
  /** Console errors, uncaught errors and failed requests, in words. */
  readonly complaints: string[] = [];
  /** Addresses of everything that was asked for, the worker's requests included. */
  readonly requests: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.prompt = page.getByRole('textbox', { name: 'Prompt' });
    this.seed = page.getByLabel('Seed', { exact: true });
    this.steps = page.getByLabel('Steps', { exact: true });
    this.drawButton = page.getByRole('button', { name: /^(Generate|Draw)/u });
    this.cancelButton = page.getByRole('button', { name: 'Cancel' });
    this.oneStep = page.getByRole('region', { name: /^One step/u });
    this.manySteps = page.getByRole('region', { name: /^N steps/u });
    this.trajectory = page.getByRole('region', { name: 'Trajectory' });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    // The context's event has the requests of workers too.
    page.context().on('request', (request) => this.requests.push(request.url()));
  }

  /** Opens the page and lets it draw its first pair, with the given settings; draws it if the page doesn't. */
  async open(backend: 'webgpu' | 'wasm', settings: DrawSettings = {}): Promise<Pictures> {
    await this.page.goto(`/?backend=${backend}`);
    await this.set(settings);
    await this.waitUntilIdle();
    if ((await this.manySteps.getAttribute('data-state')) !== 'done') await this.drawButton.click();
    return this.#pictures();
  }

  async set({ prompt, seed, steps }: DrawSettings): Promise<void> {
    if (seed !== undefined) await fillNumber(this.seed, seed);
    if (steps !== undefined) await fillNumber(this.steps, steps);
    if (prompt !== undefined) await this.prompt.fill(prompt);
  }

  async draw(settings: DrawSettings = {}): Promise<void> {
    await this.set(settings);
    await this.drawButton.click();
  }

  /** Draws and waits for both pictures. */
  async drawBoth(settings: DrawSettings = {}): Promise<Pictures> {
    await this.draw(settings);
    return this.#pictures();
  }

  async #pictures(): Promise<Pictures> {
    await this.waitUntilIdle();
    await expect(this.oneStep).toHaveAttribute('data-state', 'done');
    await expect(this.manySteps).toHaveAttribute('data-state', 'done');
    return { one: await pixelsOf(this.oneStep), many: await pixelsOf(this.manySteps) };
  }

  /** The draw button is back. */
  async waitUntilIdle(): Promise<void> {
    await expect(this.cancelButton).toBeHidden();
    await expect(this.drawButton).toBeVisible();
  }
}

async function fillNumber(field: Locator, value: number): Promise<void> {
  await field.fill(String(value));
  await field.press('Tab');
}

/** The canvas' own pixels. */
export function pixelsOf(region: Locator): Promise<Pixels> {
  return region
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      return { width, height, data: [...canvas.getContext('2d')!.getImageData(0, 0, width, height).data] };
    });
}

/** Largest difference of any channel, 0 to 255; throws for different sizes. */
export function largestDifference(a: Pixels, b: Pixels): number {
  expect([b.width, b.height]).toEqual([a.width, a.height]);
  return a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b.data[i]!)), 0);
}

/** Standard deviation of the colour channels: 0 for a blank picture. */
export function contrast({ data }: Pixels): number {
  const colours = data.filter((_, i) => i % 4 !== 3);
  const mean = colours.reduce((sum, value) => sum + value, 0) / colours.length;
  return Math.sqrt(colours.reduce((sum, value) => sum + (value - mean) ** 2, 0) / colours.length);
}
