/** What readers do to a page: no network, odd prompts, a screen reader. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { contrast, StudioPage } from './studio-page.ts';

test('a loaded page draws its first picture without a network', async ({ page, context }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm');
  await expect(studio.drawButton).toBeEnabled();
  // The engine has started and fetched the embedded models.
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  const { one, many } = await studio.drawBoth({ prompt: 'a red apple', steps: 2 });
  expect(contrast(one)).toBeGreaterThan(5);
  expect(contrast(many)).toBeGreaterThan(5);
});

test('empty, endless, emoji and right-to-left prompts draw', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm');
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

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious before and after a draw (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const studio = new StudioPage(page);
    await studio.open('wasm');
    const serious = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    };
    expect(await serious()).toEqual([]);
    await studio.drawBoth({ prompt: 'a red apple', steps: 2 });
    expect(await serious()).toEqual([]);
  });
}
