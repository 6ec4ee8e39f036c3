/** The main job in a real browser with the real engine and weights, on the backend of the project. */
import { expect, test } from '@playwright/test';
import { drawInNode } from './node-picture.ts';
import { contrast, largestDifference, pixelsOf, StudioPage } from './studio-page.ts';

/** Few steps: a software adapter takes seconds for each. */
const steps = 3;

test('prompt, both pictures, scrub, cancel, another seed, another prompt', async ({ page }, { project }) => {
  const backend = project.name.startsWith('webgpu') ? 'webgpu' : 'wasm';
  const studio = new StudioPage(page);
  const apple = { prompt: 'a red apple', seed: 7, steps };
  await studio.open(backend);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

  const first = await test.step('cold start to both pictures', async () => {
    const pictures = await studio.drawBoth(apple);
    expect(contrast(pictures.one)).toBeGreaterThan(5);
    expect(contrast(pictures.many)).toBeGreaterThan(5);
    expect([pictures.one.width, pictures.one.height]).toEqual([64, 64]);
    expect(largestDifference(pictures.one, pictures.many)).toBeGreaterThan(0);
    return pictures;
  });

  await test.step("Node's picture, within rounding", async () => {
    const node = await drawInNode({ ...apple, guidance: 2.5 });
    // Sums in another order: a value near a rounding boundary may fall to the other side, or a little further.
    expect(largestDifference(node, first.many)).toBeLessThanOrEqual(2);
  });

  await test.step('scrub through the trajectory', async () => {
    const playhead = studio.trajectory.getByRole('slider', { name: 'Playhead' });
    await playhead.focus();
    await page.keyboard.press('Home');
    await expect
      .poll(async () => largestDifference(first.many, await pixelsOf(studio.manySteps)))
      .toBeGreaterThan(10);
    await page.keyboard.press('End');
    await expect.poll(async () => largestDifference(first.many, await pixelsOf(studio.manySteps))).toBe(0);
  });

  await test.step('another seed is another picture', async () => {
    const other = await studio.drawBoth({ seed: 8 });
    expect(largestDifference(first.one, other.one)).toBeGreaterThan(10);
    expect(largestDifference(first.many, other.many)).toBeGreaterThan(10);
  });

  await test.step('cancelling makes the page idle at once, and the next draw works', async () => {
    await studio.draw({ steps: 50 });
    await studio.cancelButton.click();
    await expect(studio.cancelButton).toBeHidden({ timeout: 1000 });
    await expect(studio.manySteps).not.toHaveAttribute('data-state', 'running', { timeout: 1000 });
  });

  await test.step('the same seed again gives the same pixels', async () => {
    const again = await studio.drawBoth({ ...apple });
    expect(largestDifference(first.one, again.one)).toBe(0);
    expect(largestDifference(first.many, again.many)).toBe(0);
  });

  await test.step('another prompt is another picture', async () => {
    const other = await studio.drawBoth({ prompt: 'a fox' });
    expect(largestDifference(first.many, other.many)).toBeGreaterThan(10);
  });

  expect(studio.complaints).toEqual([]);
});
