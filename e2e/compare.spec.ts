/** Comparing, with the real engine on WASM: presets, views, numbers, zoom, and the step sweep. */
import { expect, test } from '@playwright/test';
import { differenceMap } from '../src/engine/metrics/difference-map.ts';
import { structuralSimilarity } from '../src/engine/metrics/picture-similarity.ts';
import { expectAccessible, expectFits } from './accessible-page.ts';
import { beginWithSteps } from './first-settings.ts';
import { largestDifference, type Pixels, pixelsOf, StudioPage } from './studio-page.ts';

const asPicture = ({ width, height, data }: Pixels) => ({
  width,
  height,
  rgba: Uint8ClampedArray.from(data),
});

test('presets, sides, the views of the pair and their numbers', async ({ page }) => {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 3);
  const { one, many } = await studio.open('wasm');
  const pictures = await studio.drawBoth({ steps: 3 });
  expect(largestDifference(one, pictures.one)).toBe(0);
  expect(many.width).toBe(64);
  /** Focus off the fields, where letters are letters. */
  const press = async (key: string) => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(key);
  };

  await test.step('times are told by stage, and a ratio with how it was measured', async () => {
    await expect(page.getByText(/text [\d.]+, network [\d.]+, decode [\d.]+ ms/u).first()).toBeVisible();
    await expect(page.getByText(/is faster, one run each/u)).toContainText(/warm, WASM float32/u);
    await expect(page.locator('.seam')).toContainText('same noise');
  });

  await test.step('the difference has the mean and the SSIM of the two pictures', async () => {
    await press('4');
    const [a, b] = [asPicture(pictures.one), asPicture(pictures.many)];
    const figures = page.locator('.difference-numbers');
    await expect(figures).toContainText(`Mean difference${differenceMap(a, b).mean.toFixed(3)}`);
    await expect(figures).toContainText(`SSIM${structuralSimilarity(a, b).toFixed(2)}`);
    await expectAccessible(page);
    await expectFits(page);
  });

  await test.step('blinking shows both in turns, and stops', async () => {
    await press('3');
    const blinking = page.locator('.single canvas');
    await expect(blinking).toHaveAccessibleName('Side B, blinking');
    await expect(blinking).toHaveAccessibleName('Side A, blinking');
    await page.getByRole('button', { name: 'Stop blinking' }).click();
    await expectAccessible(page);
  });

  await test.step('the slider moves by keys', async () => {
    await press('2');
    const divider = page.getByRole('slider', { name: /position of the slider/u });
    await divider.focus();
    const before = Number(await divider.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(async () => Number(await divider.getAttribute('aria-valuenow')))
      .toBeGreaterThan(before);
    await expectAccessible(page);
    await expectFits(page);
  });

  await test.step('zoom is of both sides', async () => {
    await press('1');
    await press('+');
    const transforms = () =>
      page
        .locator('.square .zoomed')
        .evaluateAll((boxes) => boxes.map((box) => (box as HTMLElement).style.transform));
    await expect.poll(transforms).toEqual(Array(2).fill(expect.stringContaining('scale(1.5)')));
    await press('0');
    await expect.poll(transforms).toEqual(Array(2).fill(expect.stringContaining('scale(1)')));
  });

  await test.step('sides change places with their pictures', async () => {
    await press('x');
    const [left, right] = [
      page.getByRole('region', { name: 'Side A, 3 steps' }),
      page.getByRole('region', { name: /^N steps/u }),
    ];
    expect(largestDifference(await pixelsOf(left), pictures.many)).toBe(0);
    expect(largestDifference(await pixelsOf(right), pictures.one)).toBe(0);
    await press('x');
  });

  await test.step('a comparison of the paper fills both sides and begins to draw', async () => {
    await page.getByRole('button', { name: /Comparison of the paper/u }).click();
    await page.getByRole('option', { name: '2-RF in 1 step and in 25' }).click();
    await expect(studio.cancelButton).toBeVisible();
    await expect(page.getByLabel('Steps of side A')).toHaveValue('1');
    await expect(studio.steps).toHaveValue('25');
    await expect(page.getByRole('button', { name: /2-RF-nano.*Model of side A/u })).toBeVisible();
  });

  expect(studio.complaints).toEqual([]);
});

test('the step sweep: drawn, taken over, saved', async ({ page }) => {
  const studio = new StudioPage(page);
  await page.goto('/?backend=wasm#/sweep');
  await page.getByLabel('Columns, N').fill('1, 2');
  await page.getByRole('button', { name: 'Draw the sweep' }).click();
  await expect(page.getByText(/^(\d+) of \1 pictures$/u)).toBeVisible();
  await expect(page.getByText(/SSIM \d\.\d\d/u).first()).toBeVisible();
  await expect(page.getByText('Takes exactly 1 step').first()).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save figure' }).click();
  expect((await download).suggestedFilename()).toBe('step-sweep.png');
  const saved = page.getByText('Saved', { exact: true });
  await expect(saved).toBeVisible();
  await expect(saved).toBeHidden();

  const cell = page.getByRole('button', { name: /^2-RF-nano, 2 steps/u });
  const swept = await pixelsOf(page.locator('.sweep-cell').filter({ has: cell }));
  await cell.focus();
  await page.keyboard.press('b');
  await page.getByRole('link', { name: 'Studio' }).click();
  await studio.waitUntilIdle();
  await expect(studio.steps).toHaveValue('2');
  expect(largestDifference(await pixelsOf(studio.manySteps), swept)).toBe(0);
  expect(studio.complaints).toEqual([]);
});
