/** The main job in a real browser with the real engine and weights, on the backend of the project. */
import { expect, test } from '@playwright/test';
import { beginWithSteps } from './first-settings.ts';
import { drawInNode, embeddedModels } from './node-picture.ts';
import { contrast, largestDifference, pixelsOf, StudioPage } from './studio-page.ts';

test('prompt, both pictures, scrub, cancel, another seed and prompt, the same again', async ({ page }, {
  project,
}) => {
  const backend = project.name.startsWith('webgpu') ? 'webgpu' : 'wasm';
  const studio = new StudioPage(page);
  // Few steps: the software adapter takes seconds for each.
  const apple = { prompt: 'a red apple', seed: 7, steps: backend === 'webgpu' ? 2 : 4 };

  const first = await test.step('cold start to both pictures', async () => {
    // Kept from an earlier visit: the page may have drawn its own first pair before the fields are filled.
    await beginWithSteps(page, apple.steps);
    const pictures = await studio.open(backend, apple);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(contrast(pictures.one)).toBeGreaterThan(5);
    expect(contrast(pictures.many)).toBeGreaterThan(5);
    expect([pictures.one.width, pictures.one.height]).toEqual([64, 64]);
    expect(largestDifference(pictures.one, pictures.many)).toBeGreaterThan(0);
    return pictures;
  });

  await test.step("Node's pictures, within rounding", async () => {
    const { one, many } = embeddedModels();
    // Sums in another order: a value near a rounding boundary may fall to the other side, or a little further.
    // float16, where the adapter has it, keeps ten bits: its error of about 1 % of the range is 3 levels, at worst more.
    const float16 = (await page.getByText(/^[AB] is faster.*float16/u).count()) > 0;
    const levels = float16 ? 10 : 2;
    const fromNode = [await drawInNode(one, { ...apple, steps: 1 }), await drawInNode(many, apple)] as const;
    expect(largestDifference(fromNode[0], first.one)).toBeLessThanOrEqual(levels);
    expect(largestDifference(fromNode[1], first.many)).toBeLessThanOrEqual(levels);
  });

  await test.step('scrub through the trajectory', async () => {
    const playhead = studio.trajectory.getByRole('slider', { name: 'Playhead' });
    const difference = async () => largestDifference(first.many, await pixelsOf(studio.manySteps));
    await playhead.focus();
    await page.keyboard.press('Home');
    await expect.poll(difference).toBeGreaterThan(10);
    await page.keyboard.press('End');
    await expect.poll(difference).toBe(0);
  });

  await test.step('cancelling makes the page idle at once', async () => {
    await studio.draw({ steps: 50 });
    await studio.cancelButton.click();
    await expect(studio.cancelButton).toBeHidden({ timeout: 1000 });
    await expect(studio.manySteps).not.toHaveAttribute('data-state', 'running', { timeout: 1000 });
  });

  await test.step('another seed and prompt are another picture', async () => {
    const other = await studio.drawBoth({ ...apple, prompt: 'a fox', seed: 8 });
    expect(largestDifference(first.one, other.one)).toBeGreaterThan(10);
    expect(largestDifference(first.many, other.many)).toBeGreaterThan(10);
  });

  // On the software adapter this would take another minute to show the same.
  if (backend === 'wasm') {
    await test.step('another prompt alone is another picture', async () => {
      const other = await studio.drawBoth({ ...apple, prompt: 'a fox' });
      expect(largestDifference(first.many, other.many)).toBeGreaterThan(3);
    });
  }

  await test.step('the same seed and prompt again give the same pixels', async () => {
    const again = await studio.drawBoth(apple);
    expect(largestDifference(first.one, again.one)).toBe(0);
    expect(largestDifference(first.many, again.many)).toBe(0);
  });

  expect(studio.complaints).toEqual([]);
});
