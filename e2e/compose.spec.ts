/** Composing, with the real engine on WASM: prompts, live mode, blends, seeds, cancelling. */
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible-page.ts';
import { beginWithSteps } from './first-settings.ts';
import { largestDifference, pixelsOf, StudioPage } from './studio-page.ts';

/** What the talk shows as a failure. */
const hardPrompt = 'A dog and a cat shake hands with each other';

test('prompts, live mode, blends, the strip of seeds and cancelling', async ({ page }) => {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 2);
  await studio.open('wasm');
  const live = page.getByRole('switch', { name: /^Live/u });
  const shown = () => pixelsOf(studio.oneStep);

  await test.step('examples are drawn at once, and earlier prompts come back with the arrow up', async () => {
    await page.getByRole('button', { name: hardPrompt }).click();
    await studio.waitUntilIdle();
    await expect(studio.prompt).toHaveValue(hardPrompt);
    await studio.prompt.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await expect(studio.prompt).toHaveValue('a red apple');
    await page.keyboard.press('ArrowDown');
    await expect(studio.prompt).toHaveValue(hardPrompt);
  });

  await test.step('the part of a prompt beyond the 77th token is marked', async () => {
    await studio.prompt.fill(`${'owl '.repeat(80)}and a zebra`);
    await expect(page.getByText(/past the 77th token/u)).toContainText('zebra');
    await expect(page.locator('.prompt-mirror mark')).toHaveText(/zebra/u);
  });

  await test.step('the live picture follows typing and is the one that Draw draws', async () => {
    await studio.prompt.fill('a fox');
    await live.click({ force: true });
    await expect(live).toBeChecked();
    await studio.prompt.focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' on a blue background', { delay: 25 });
    await expect(studio.manySteps).toContainText('From before');
    await expect(studio.oneStep.getByRole('img')).toHaveAccessibleName(/a fox on a blue background/u);
    const followed = await shown();
    await expectAccessible(page);
    await studio.prompt.focus();
    await page.keyboard.press('Enter');
    await studio.waitUntilIdle();
    await expect(studio.manySteps.getByRole('img')).toHaveAccessibleName(/a fox on a blue background/u);
    expect(largestDifference(followed, await shown())).toBe(0);
  });

  await test.step('a blend of seeds goes from the one picture to the other, without a draw', async () => {
    const weight = page.getByRole('slider', { name: 'Blend of seeds' });
    const own = await shown();
    await weight.focus();
    await page.keyboard.press('End');
    await expect.poll(async () => largestDifference(own, await shown())).toBeGreaterThan(10);
    const atEnd = await shown();
    for (let i = 0; i < 50; i++) await page.keyboard.press('ArrowLeft');
    await expect(page.locator('.blend output')).toHaveText('50%');
    await expect.poll(async () => largestDifference(atEnd, await shown())).toBeGreaterThan(10);
    await page.keyboard.press('Home');
    await expect.poll(async () => largestDifference(own, await shown())).toBe(0);
    // The other end is the second seed's own picture, but for the rounding of a sine.
    await studio.set({ seed: 8 });
    await expect.poll(async () => largestDifference(atEnd, await shown())).toBeLessThanOrEqual(2);
    await studio.set({ seed: 7 });
    await live.click({ force: true });
    await expect(live).not.toBeChecked();
  });

  await test.step('the next seeds are seen in one step, and one of them drawn', async () => {
    const ask = page.getByRole('button', { name: 'Show them in one step' });
    const strip = page.getByRole('list', { name: 'The next seeds' });
    // Quick machines draw the strip unasked.
    await expect(ask.or(strip.locator('canvas').nth(1)).first()).toBeVisible();
    if (await ask.isVisible()) await ask.click();
    await expect(strip.locator('canvas')).toHaveCount(8);
    await strip.getByRole('button', { name: 'Seed 9' }).click();
    await expect(studio.seed).toHaveValue('9');
    await studio.waitUntilIdle();
    await expect(strip.getByRole('button', { name: 'Seed 9' })).toHaveAttribute('aria-current', 'true');
  });

  await test.step('the negative prompt says on what it acts', async () => {
    await expect(page.getByText('Acts once guidance is above 1.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Guidance', exact: true }).fill('2');
    await page.keyboard.press('Tab');
    await expect(page.getByText('Acts on B alone.')).toBeVisible();
    await page.getByLabel('Negative', { exact: true }).fill('red');
  });

  await test.step('cancelling leaves the page idle within 100 ms, and the next draw is right', async () => {
    const cancelled = async () => {
      await studio.draw({ steps: 50 });
      await expect(studio.manySteps).toHaveAttribute('data-state', 'running');
      return studio.cancelButton.evaluate(async (button: HTMLElement) => {
        const begun = performance.now();
        button.click();
        while (/Cancel/u.test(button.textContent ?? '')) await new Promise((resolve) => setTimeout(resolve));
        return performance.now() - begun;
      });
    };
    // The quickest of three, on a machine as quick as the page finds it: others may be at work beside the test.
    const timesMs = [await cancelled(), await cancelled(), await cancelled()];
    const slowness = await page.evaluate(() => {
      const begun = performance.now();
      let sum = 0;
      for (let i = 0; i < 2e7; i++) sum += Math.sqrt(i);
      // An idle laptop takes about 30 ms for this.
      return sum > 0 ? Math.max((performance.now() - begun) / 30, 1) : 1;
    });
    expect(Math.min(...timesMs)).toBeLessThan(100 * slowness);
    await studio.drawBoth({ steps: 2 });
  });

  await test.step('settings are there again after a reload', async () => {
    await page.reload();
    await studio.waitUntilIdle();
    await expect(studio.prompt).toHaveValue('a fox on a blue background');
    await expect(studio.steps).toHaveValue('2');
    await expect(page.getByLabel('Negative', { exact: true })).toHaveValue('red');
  });

  expect(studio.complaints).toEqual([]);
});
