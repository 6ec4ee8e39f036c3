/** Parts of the page that can't be fetched: asked for again, and where that fails, said, with the rest still there. */
import { expect, type Page, test } from '@playwright/test';

/** Requests for a chunk fail. @returns ends that */
async function loseChunk(page: Page, name: string): Promise<() => Promise<void>> {
  const address = `**/assets/${name}-*.js`;
  await page.route(address, (route) => route.abort());
  return () => page.unroute(address);
}

test('a chunk that is lost once is fetched again', async ({ page }) => {
  const find = await loseChunk(page, 'gallery-page');
  const lost = page.waitForEvent('requestfailed');
  await page.goto('/#/gallery');
  await lost;
  // The browser fetches a chunk ahead and then once more: both are over before the second try.
  await page.waitForTimeout(400);
  await find();
  await expect(page.getByRole('heading', { name: 'Gallery' })).toBeVisible();
});

test('a page that can not be loaded says so, below the rail, and reloads', async ({ page }) => {
  const find = await loseChunk(page, 'gallery-page');
  await page.goto('/#/gallery');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('This page could not be loaded.');
  await expect(page.getByRole('button', { name: 'Theme' })).toBeVisible();
  // The way to another page is open.
  await page.goto('/#/engine');
  await expect(page.getByRole('heading', { name: 'Engine', exact: true })).toBeVisible();
  await page.goto('/#/gallery');
  await find();
  await alert.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('heading', { name: 'Gallery' })).toBeVisible();
});

test('a dialog that can not be loaded says so on the page it was asked for', async ({ page }) => {
  await loseChunk(page, 'keys-sheet');
  await page.goto('/#/engine');
  await page.getByRole('button', { name: 'Keys' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The list of keys could not be loaded.');
  await expect(page.getByRole('heading', { name: 'Engine', exact: true })).toBeVisible();
  await alert.getByRole('button', { name: 'Close' }).click();
  await expect(alert).toBeHidden();
});

test('an engine that can not be fetched is told of on its own page, and started from there', async ({
  page,
}) => {
  const find = await loseChunk(page, 'host');
  await page.goto('/?backend=wasm');
  const restart = page.getByRole('button', { name: 'Restart engine' });
  await expect(restart).toBeVisible();
  await page.goto('/?backend=wasm#/engine');
  const main = page.getByRole('main');
  await expect(main.getByText(/^Stopped: /u).first()).toBeVisible();
  await find();
  await restart.click();
  await expect(main.getByText(/^WASM with \d+ threads?, float32$/u)).toBeVisible();
  await expect(restart).toBeHidden();
});
