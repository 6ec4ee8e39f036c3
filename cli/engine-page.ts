/** The test-only page with the app's worker and runtime, built and served for one command, in Chromium. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, mergeConfig, preview } from 'vite';
import { launchOptions } from '../e2e/chromium.ts';
import type { BackendReport } from '../src/platform/ort/backend-report.ts';
import { unwrap } from '../src/worker/outcome.ts';
import { engineBuild } from '../vite-engine.ts';
import { type ServedFolder, servedFolders } from './browser-parity-folders.ts';
import { report } from './progress.ts';

export interface EnginePageOptions {
  readonly folders: readonly ServedFolder[];
  /** Chromium's, on top of those that WebGPU needs here. */
  readonly flags: readonly string[];
}

const pages = join(import.meta.dirname, '../e2e/pages');

/**
 * Runs `work` on the page, with WebGPU started, and closes everything afterwards.
 * @throws EngineError 'backend-unavailable', Error where there is no Chromium, and what `work` throws
 */
export async function onEnginePage<Result>(
  { folders, flags }: EnginePageOptions,
  work: (page: Page, started: BackendReport) => Promise<Result>,
): Promise<Result> {
  const closing = new Closing();
  try {
    const outDir = await mkdtemp(join(tmpdir(), 'engine-page-'));
    closing.add(() => rm(outDir, { recursive: true }));
    const config = mergeConfig(engineBuild, {
      configFile: false,
      root: pages,
      publicDir: false,
      logLevel: 'error',
      plugins: [servedFolders(folders)],
      build: { outDir, emptyOutDir: true, rollupOptions: { input: join(pages, 'engine.html') } },
      // Any free port, on this machine only.
      preview: { host: '127.0.0.1', port: 0 },
    });
    report('building the page ...');
    await build(config);
    const server = await preview(config);
    closing.add(() => server.close());

    const browser = await chromium.launch(chromiumOptions(flags));
    closing.add(() => browser.close());
    const page = await browser.newPage();
    const { port } = server.httpServer.address() as { port: number };
    await page.goto(`http://127.0.0.1:${port}/engine.html`);
    const started = unwrap(await page.evaluate(() => engine.start('webgpu')));
    report(`WebGPU: ${started.device}`);
    return await work(page, started);
  } finally {
    await closing.close();
  }
}

/** The software adapter where the machine shows no graphics card, as in the end-to-end tests. */
function chromiumOptions(flags: readonly string[]) {
  const { executablePath, args = [] } = launchOptions('webgpu-default');
  const card = existsSync('/dev/dri') || existsSync('/dev/nvidia0') || process.platform !== 'linux';
  const needed = card ? ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan'] : args;
  // The command closes the browser itself on a signal.
  return { executablePath: executablePath!, args: [...needed, ...flags] };
}

/** What was opened, closed last first: at the end, and when the command is interrupted. */
class Closing {
  readonly #steps: (() => Promise<void>)[] = [];
  readonly #interrupted = () => {
    void this.close().finally(() => process.exit(130));
  };

  constructor() {
    process.once('SIGINT', this.#interrupted);
    process.once('SIGTERM', this.#interrupted);
  }

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async close(): Promise<void> {
    process.off('SIGINT', this.#interrupted);
    process.off('SIGTERM', this.#interrupted);
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) await step();
  }
}
