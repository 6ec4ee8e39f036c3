/** What holds for every view: nothing that axe objects to in either theme, and nothing beside or below the screen. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const screens = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
] as const;

/**
 * @param except axe rules that don't hold here by nature: 'region' under a popover, which lies outside the landmarks
 * @throws what axe objects to, by theme, rule and element
 */
export async function expectAccessible(page: Page, except: readonly string[] = []): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(coloursSettled);
    const { violations } = await new AxeBuilder({ page }).disableRules([...except]).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${colorScheme} ${id}: ${target.join(' ')}`),
    );
    expect(found).toEqual([]);
  }
}

/** Runs in the page: colours glide from one theme to the other, and what axe measures on the way is neither. */
async function coloursSettled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(transitions.map(({ finished }) => finished));
}

/** No sideways scroll on three screens; beside the rail of a desk's screen only what is meant to scroll does. */
export async function expectFits(page: Page): Promise<void> {
  for (const screen of screens) {
    await page.setViewportSize(screen);
    // What is drawn for a width, as the plot is, is drawn again a frame later.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
  }
  // The last is the desk's: the page stands still there.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(
    0,
  );
}
