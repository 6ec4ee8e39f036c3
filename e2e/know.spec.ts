/** Knowing: the engine's page with its benchmark, how it works, and what a first visit loads. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { BenchmarkRecord } from '../src/studio/benchmark/benchmark.ts';
import { expectAccessible, expectFits } from './accessible-page.ts';
import { StudioPage } from './studio-page.ts';

test.setTimeout(900_000);
const root = join(import.meta.dirname, '..');

test('the engine tells what is loaded and how fast it is', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const studio = new StudioPage(page);
  await page.goto('/?backend=wasm#/?prompt=a+red+apple&seed=7&b.steps=2');
  await expect(studio.manySteps).toHaveAttribute('data-state', 'done');
  await page.evaluate(() => {
    location.hash = '#/engine';
  });

  await test.step('models, memory, diagnostics', async () => {
    await expect(page.getByRole('row', { name: /InstaFlow-nano.*loaded/u })).toBeVisible();
    await expect(page.getByText('nano/text_encoder')).toBeVisible();
    await page.getByRole('button', { name: 'Copy diagnostics' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^Backend: WASM/u);
    expect(copied).toMatch(/Self-test:\n {2}right/u);
    expect(copied).toMatch(/App: \d/u);
  });

  await test.step('a benchmark of both sides, cold and warm, as JSON', async () => {
    await page.getByRole('button', { name: 'Run benchmark' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'cold run' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible({ timeout: 600_000 });
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'JSON' }).click();
    const record = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as BenchmarkRecord;
    expect(record.engine.backend).toBe('wasm');
    expect(record.sides.map(({ model, stepCount }) => [model, stepCount])).toEqual([
      ['instaflow-nano', 1],
      ['2-rf-nano', 2],
    ]);
    for (const { cold, warm, stepCount } of record.sides) {
      expect(cold.loadMs).toBeGreaterThan(0);
      expect(warm).toHaveLength(5);
      for (const run of [cold, ...warm]) {
        expect(run.stepMs).toHaveLength(stepCount);
        // Every run had words of its own, so none was remembered.
        expect(run.textMs).toBeGreaterThan(0);
        expect(run.totalMs).toBeGreaterThan(run.decodeMs);
      }
    }
    await expect(page.getByRole('row', { name: /InstaFlow-0.9B, A100.*0\.09 s/u })).toBeVisible();
  });
  await expectAccessible(page);
  await expectFits(page);
  expect(studio.complaints).toEqual([]);
});

test('how it works: equations, figures, tables with their source', async ({ page }) => {
  const studio = new StudioPage(page);
  await page.goto('/#/how');
  await expect(page.locator('.katex').first()).toBeVisible();
  expect(await page.locator('.katex-display').count()).toBeGreaterThanOrEqual(5);
  await expect(page.locator('.katex-error')).toHaveCount(0);
  await expect(
    page.getByRole('row', { name: '(Pre) 2-RF + Distill, 1 step 0.09 s 31.0 0.285' }),
  ).toBeVisible();
  // The paper's figure 2 is the laboratory's, trained in this page.
  await expect(page.getByText(/\d crossings/u).first()).toBeVisible();
  await page.getByRole('button', { name: 'Train both flows, here and now' }).click();
  await expect(page.getByText(/S = 0\.00/u).first()).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  // The engine is not for readers.
  expect(studio.requests.filter((url) => /\.wasm|safetensors/u.test(url))).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

test('what is loaded before the engine stays under its limit', () => {
  const output = execFileSync('npx', ['size-limit', '--json'], { cwd: root, encoding: 'utf8' });
  const [firstLoad] = JSON.parse(output) as [{ size: number; passed: boolean }];
  // A limit that finds nothing to weigh would hold anything.
  expect(firstLoad.size).toBeGreaterThan(50_000);
  expect(firstLoad.passed).toBe(true);
});
