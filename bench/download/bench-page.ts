/** The bench's page, built, served isolated like the app, and open in a Chromium with a profile on disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, mergeConfig, preview } from 'vite';
import { findOrInstallChromium } from '../../scripts/find-chromium.mjs';
import { engineBuild } from '../../vite-engine.ts';

export interface BenchPage {
  readonly page: Page;
  /** Of the browser, the parent of all its processes. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** @param folder for the built page and the browser's profile: a private window would keep its files in memory */
export async function openBenchPage(folder: string, port: number): Promise<BenchPage> {
  const outDir = join(folder, 'page');
  const profile = join(folder, 'profile');
  mkdirSync(profile);
  const config = mergeConfig(engineBuild, {
    configFile: false,
    root: import.meta.dirname,
    publicDir: false,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
    preview: { port, strictPort: true, host: '127.0.0.1' },
  });
  await build(config);
  const server = await preview(config);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findOrInstallChromium(),
    args: ['--no-sandbox'],
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction(() => 'downloadBench' in window && crossOriginIsolated);
  return {
    page,
    pid: await browserPid(page),
    async close() {
      await context.close();
      await server.close();
    },
  };
}

async function browserPid(page: Page): Promise<number | undefined> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id;
}
