/** Settings that a browser kept from an earlier visit, so that the first draw is short. */
import type { Page } from '@playwright/test';

const storageKey = 'instaflow-studio.settings';

/** @param steps N of side B; only before anything was kept */
export async function beginWithSteps(page: Page, steps: number): Promise<void> {
  const kept = JSON.stringify({ sides: { b: { steps } } });
  await page.addInitScript(
    ({ key, text }) => {
      if (localStorage.getItem(key) === null) localStorage.setItem(key, text);
    },
    { key: storageKey, text: kept },
  );
}
