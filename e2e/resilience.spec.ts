/** What readers do to a page: no network, odd prompts, a screen reader. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { beginWithSteps } from './first-settings.ts';
import { contrast, largestDifference, StudioPage } from './studio-page.ts';

test('a loaded page draws without a network', async ({ page, context }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm', { steps: 2 });
  await context.setOffline(true);
  const { one, many } = await studio.drawBoth({ prompt: 'a fox', seed: 3 });
  expect(contrast(one)).toBeGreaterThan(5);
  expect(contrast(many)).toBeGreaterThan(5);
});

test('empty, endless, emoji and right-to-left prompts draw', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm', { steps: 2 });
  const prompts = [
    '',
    'apple '.repeat(1000),
    '🍎🦊👩‍👩‍👧‍👦',
    'تفاحة حمراء على خلفية زرقاء',
    '<|endoftext|> "quotes" \u0000',
  ];
  for (const prompt of prompts) {
    const { one } = await studio.drawBoth({ prompt, steps: 1 });
    expect(contrast(one), prompt.slice(0, 20)).toBeGreaterThan(0);
  }
  expect(studio.complaints).toEqual([]);
});

test('axe finds nothing serious while idle and after a draw, light and dark', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const studio = new StudioPage(page);
  const expectNothingSerious = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
    }
  };
  await page.goto('/?backend=wasm');
  await expect(studio.prompt).toBeVisible();
  await expectNothingSerious();
  await studio.set({ steps: 2 });
  await studio.waitUntilIdle();
  await studio.drawBoth();
  await expectNothingSerious();
});

/** The worker that draws. */
function engineWorker(page: Page): Worker {
  const worker = page.workers().find((each) => /\/host-[^/]*\.js/u.test(each.url()));
  if (worker === undefined) throw new Error(`No engine among ${page.workers().map((each) => each.url())}`);
  return worker;
}

test('a worker that ends without a word is replaced, idle or drawing, and the same picture is drawn', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 2);
  const first = await studio.open('wasm');
  const notice = page.getByRole('status', { name: 'Notice' });
  await test.step('between two draws', async () => {
    await engineWorker(page).evaluate(() => self.close());
    const again = await studio.drawBoth();
    expect(largestDifference(first.many, again.many)).toBe(0);
    await expect(notice).toContainText('The engine was started anew and draws again with the same seed');
    await page.getByRole('button', { name: 'Close notice' }).click();
    await expect(notice).toBeHidden();
  });
  await test.step('while it draws', async () => {
    await studio.draw({ steps: 25 });
    await expect(studio.manySteps).toHaveAttribute('data-state', 'running');
    await engineWorker(page).evaluate(() => self.close());
    await studio.waitUntilIdle();
    await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
    await expect(notice).toBeVisible();
  });
  expect(studio.complaints).toEqual([]);
});
