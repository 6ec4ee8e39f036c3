/** End-to-end tests: real engine, real weights, real Chromium; software WebGPU, so timeouts are generous. */
import { defineConfig } from '@playwright/test';
import { launchOptions } from './chromium.ts';

/** npm test passes free ones, so that two runs on one machine don't meet. */
const appPort = Number(process.env.E2E_APP_PORT ?? 4801);
const pagesPort = Number(process.env.E2E_PAGES_PORT ?? 4802);

/** Where the test-only pages of e2e/pages are served. */
export const pagesOrigin = `http://localhost:${pagesPort}`;

export default defineConfig({
  testDir: '.',
  outputDir: '../.cache/e2e-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 300_000,
  expect: { timeout: 120_000 },
  reporter: [['list']],
  // Nothing of one test is kept for another; e2e/keep.spec.ts lets the service worker in.
  use: {
    baseURL: `http://localhost:${appPort}`,
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'bundle', testMatch: 'bundle.spec.ts', use: { launchOptions: launchOptions('wasm') } },
    { name: 'lab', testMatch: 'lab.spec.ts', use: { launchOptions: launchOptions('wasm') } },
    {
      name: 'wasm',
      testMatch: [
        'hands-off.spec.ts',
        'keep.spec.ts',
        'lost-chunks.spec.ts',
        'know.spec.ts',
        'studio.spec.ts',
        'compose.spec.ts',
        'trajectory.spec.ts',
        'compare.spec.ts',
        'resilience.spec.ts',
        'parity.spec.ts',
        'models.spec.ts',
        'models-dialog.spec.ts',
      ],
      use: { launchOptions: launchOptions('wasm') },
    },
    {
      name: 'webgpu-unchecked',
      testMatch: ['parity.spec.ts'],
      use: { launchOptions: launchOptions('webgpu-unchecked') },
    },
    {
      name: 'webgpu-default',
      testMatch: ['parity.spec.ts', 'studio.spec.ts', 'device-loss.spec.ts'],
      use: { launchOptions: launchOptions('webgpu-default') },
    },
  ],
  webServer: [
    {
      command: 'node scripts/start.mjs',
      env: { PORT: String(appPort) },
      cwd: '..',
      url: `http://localhost:${appPort}/`,
      timeout: 180_000,
      reuseExistingServer: false,
    },
    {
      command: `npx vite build --config e2e/pages/vite.config.ts && npx vite preview --config e2e/pages/vite.config.ts --port ${pagesPort} --strictPort`,
      cwd: '..',
      url: `http://localhost:${pagesPort}/engine.html`,
      timeout: 180_000,
      reuseExistingServer: false,
    },
  ],
});
