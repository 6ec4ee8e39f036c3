/** The engine's numbers in the browser: the self-test's verdict, and networks against recorded references. */
import { expect, test } from '@playwright/test';
import type { BackendWish } from '../src/platform/ort/choose-runtime.ts';
import { pagesOrigin } from './playwright.config.ts';

/** Every network of the references; whole pipelines take minutes on the software adapter and are left to Node. */
const cases = [
  'clip-tiny',
  'clip-tiny-eps',
  'clip-tiny-gelu-sdturbo',
  'taesd-tiny',
  'unet-tiny-eps',
  'unet-tiny-odd-lcm',
  'unet-tiny-sd1-l1',
  'unet-tiny-sdturbo',
  'vae-tiny-eps',
];

test('the self-test finds the wrong kernels, and networks agree with the references', async ({ page }, {
  project,
}) => {
  test.setTimeout(900_000);
  const backend: BackendWish = project.name.startsWith('webgpu') ? ('webgpu' as const) : ('wasm' as const);
  await page.goto(`${pagesOrigin}/engine.html`);
  const started = await page.evaluate((wish: BackendWish) => engine.start(wish), backend);
  expect(started).toMatchObject({ ok: true, value: { backend, fallback: '' } });
  if (!started.ok) return;
  const { variant, reason, checks } = started.value;
  const failed = checks.filter(({ pass }) => !pass).map(({ name }) => name);
  if (backend === 'webgpu') {
    // SwiftShader's subgroups are 4 lanes wide, at which onnxruntime-web 1.30's fused attention is wrong.
    expect(failed.every((name) => name.startsWith('fused attention'))).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    expect(variant.attention).toBe('decomposed');
    expect(reason).toBe('Fused attention gave wrong numbers here, so attention runs decomposed.');
  } else {
    expect(failed).toEqual([]);
    expect(variant).toEqual({ attention: 'blocked', dtype: 'f32' });
  }

  for (const name of cases) {
    await test.step(name, async () => {
      const begun = performance.now();
      const outcome = await page.evaluate((folder: string) => engine.parity(folder), name);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
      if (!outcome.ok) return;
      expect(outcome.value.length).toBeGreaterThan(0);
      expect(outcome.value.filter(({ pass }) => !pass)).toEqual([]);
      const worst = Math.max(...outcome.value.map(({ rel }) => rel ?? Number.NaN));
      console.log(
        `${project.name} ${name}: ${outcome.value.length} outputs, worst ${worst.toExponential(1)}, ${seconds} s`,
      );
    });
  }

  if (backend === 'webgpu') {
    await test.step('an error of the device that no call reports ends the run, and that one only', async () => {
      const outcomes = await page.evaluate(() => engine.failSilently());
      expect(outcomes).toMatchObject([{ ok: false, error: { code: 'backend-failed' } }, { ok: true }]);
    });
    await test.step('a lost device is told as one', async () => {
      const outcome = await page.evaluate(() => engine.loseDevice());
      expect(outcome).toMatchObject({ ok: false, error: { code: 'backend-lost' } });
    });
  }
});
