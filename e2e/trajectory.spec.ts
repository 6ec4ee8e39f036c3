/** The trajectories of both sides in a real browser: frames, playhead, plots, points, files. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible-page.ts';
import { largestDifference, pixelsOf, StudioPage } from './studio-page.ts';

const steps = { a: 3, b: 6 } as const;

/** The same model on both sides with different counts: their paths start alike and part. */
async function openWithTwoPaths(page: Page): Promise<StudioPage> {
  const sideOf = (count: number) => ({ model: '2-rf-nano', sampler: null, steps: count, guidance: null });
  await page.addInitScript(({ key, settings }) => localStorage.setItem(key, settings), {
    key: 'instaflow-studio.settings',
    settings: JSON.stringify({ sides: { a: sideOf(steps.a), b: sideOf(steps.b) }, greeted: true }),
  });
  const studio = new StudioPage(page);
  await page.goto('/?backend=wasm');
  await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
  await studio.waitUntilIdle();
  return studio;
}

const strip = (studio: StudioPage, side: 'a' | 'b', view: 'path' | 'endpoint'): Locator =>
  studio.trajectory.locator(`[data-strip="${side}"][data-view="${view}"] .strip-frame`);

async function saved(page: Page, choose: () => Promise<void>): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), choose()]);
  return readFile(await download.path());
}

test('both paths in step: strips, playhead, plots, points, files, axe', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const studio = await openWithTwoPaths(page);
  const { trajectory, manySteps: sideB } = studio;
  const sideA = page.getByRole('region', { name: 'Side A, 3 steps' });
  const plot = trajectory.locator('.plot');

  await test.step('every frame of both sides is decoded once the page is idle', async () => {
    await expect(strip(studio, 'a', 'path')).toHaveCount(steps.a + 1);
    await expect(strip(studio, 'b', 'endpoint')).toHaveCount(steps.b + 1);
    await expect(trajectory.locator('[data-todo="true"]')).toHaveCount(0);
    const noise = await pixelsOf(strip(studio, 'b', 'path').nth(0));
    // One noise on both sides, and a path that leads away from it.
    expect(largestDifference(await pixelsOf(strip(studio, 'a', 'path').nth(0)), noise)).toBe(0);
    expect(largestDifference(await pixelsOf(strip(studio, 'b', 'path').nth(3)), noise)).toBeGreaterThan(20);
    const picture = await pixelsOf(sideB);
    expect(largestDifference(await pixelsOf(strip(studio, 'b', 'path').nth(steps.b)), picture)).toBe(0);
  });

  await test.step('the playhead moves both pictures by key', async () => {
    const playhead = trajectory.getByRole('slider', { name: 'Playhead' });
    await playhead.focus();
    await page.keyboard.press('Home');
    await expect(sideA.getByText('Noise, t = 0.00')).toBeVisible();
    await expect(sideB.getByText('Noise, t = 0.00')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(trajectory.getByText('step 2 of 6')).toBeVisible();
    for (const [region, side, index] of [
      [sideA, 'a', 1],
      [sideB, 'b', 2],
    ] as const) {
      const frame = await pixelsOf(strip(studio, side, 'path').nth(index));
      expect(largestDifference(await pixelsOf(region), frame)).toBe(0);
    }
    await page.keyboard.press('End');
    await expect(sideB.getByText('t =')).toBeHidden();
  });

  await test.step('pointing at the plot shows that time in strips and pictures', async () => {
    await expect(plot.locator('svg')).toBeVisible();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.55, box.y + box.height / 2);
    await expect(sideB.getByText(/On the path, t = 0\.50/u)).toBeVisible();
    await expect(sideA.getByText(/On the path, t = 0\.67/u)).toBeVisible();
    await expect(trajectory.locator('[data-strip="b"] [data-pointed="true"]')).toHaveCount(2);
    await page.mouse.move(0, 0);
    await expect(sideB.getByText('t =')).toBeHidden();
  });

  await test.step('deviation of both sides, as a table too', async () => {
    await expect(trajectory.locator('.plot-legend')).toContainText(/A.*S = 0\.\d+.*B.*S = 0\.\d+/u);
    await trajectory.getByRole('button', { name: 'Numbers as a table' }).click();
    await expect(plot.getByRole('row')).toHaveCount(1 + steps.b);
    await trajectory.getByRole('button', { name: 'Numbers as a table' }).click();
  });

  await test.step('traces of latents at chosen points, and their files', async () => {
    await trajectory.getByText('Latents', { exact: true }).click();
    await trajectory.getByRole('button', { name: 'Points' }).click();
    const dialog = page.getByRole('dialog', { name: 'Traced points' });
    await dialog.getByRole('button', { name: 'Add a point' }).click();
    await dialog.getByRole('button', { name: /^Point 4:/u }).press('ArrowRight');
    await expect(sideB.locator('.point-marker')).toHaveCount(4);
    // A popover lies outside the landmarks by its nature.
    await expectAccessible(page, ['region']);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    const save = (format: string) =>
      saved(page, async () => {
        await trajectory.getByRole('button', { name: 'Save the plot' }).click();
        await page.getByRole('menuitem', { name: format }).click();
      });
    const rows = (await save('CSV')).toString('utf8').trim().split('\r\n');
    const numbers = rows.slice(1).map((row) => row.split(','));
    const ofB = (point: string, line: string) =>
      numbers
        .filter((row) => row[1] === 'B' && row[4] === point && row[5] === line)
        .map((row) => Number(row[7]));
    expect(ofB('4', 'path')).toHaveLength(steps.b + 1);
    // The chord ends where the path does.
    expect(ofB('4', 'chord')).toEqual([ofB('4', 'path')[0], ofB('4', 'path').at(-1)]);
    const svg = (await save('SVG')).toString('utf8');
    expect(svg).toContain('Z₁');
    expect(svg).not.toContain('var(');
    expect((await save('PNG')).subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  await test.step('brightness of pixels in the end points', async () => {
    await trajectory.getByText('Pixels', { exact: true }).click();
    await expect(plot.locator('circle')).toHaveCount(4 * (steps.a + 1 + steps.b + 1));
  });

  await test.step('a GIF of both sides, a frame a step', async () => {
    const gif = await saved(page, () => trajectory.getByRole('button', { name: 'Save as GIF' }).click());
    expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
    const graphicControls = gif.toString('latin1').split('\x21\xf9\x04').length - 1;
    expect(graphicControls).toBe(steps.b + 1);
  });

  await expectAccessible(page);
  expect(studio.complaints).toEqual([]);
});
