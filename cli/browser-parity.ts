/** Recorded cases in Chromium: the app's worker and runtime, on a page that is built and served for the run. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { build, mergeConfig, preview } from 'vite';
import { launchOptions } from '../e2e/chromium.ts';
import type { GivenCase } from '../e2e/pages/given-case.ts';
import type { FloatDType } from '../src/engine/core/dtype.ts';
import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import type { Comparison } from '../src/engine/parity/comparison.ts';
import { unwrap } from '../src/worker/outcome.ts';
import { engineBuild } from '../vite-engine.ts';
import { type ServedFolder, servedFolders } from './browser-parity-folders.ts';
import { report } from './progress.ts';

export interface BrowserParityOptions {
  /** Absolute paths. */
  readonly cases: readonly string[];
  readonly model: string | undefined;
  readonly dtype: FloatDType;
  readonly tolerance: number;
  /** Chromium's, on top of those that WebGPU needs here. */
  readonly flags: readonly string[];
}

export interface BrowserParity {
  readonly device: string;
  /** How the graphs were shaped; undefined where no case was given. */
  readonly variant: GraphVariant | undefined;
  readonly cases: readonly Comparison[];
}

const pages = join(import.meta.dirname, '../e2e/pages');

/**
 * @param onCase told after each case
 * @throws EngineError 'backend-unavailable', Error where there is no Chromium
 */
export async function runInBrowser(
  { cases, model, dtype, tolerance, flags }: BrowserParityOptions,
  onCase: (folder: string, results: readonly Comparison[]) => void,
): Promise<BrowserParity> {
  const closing = new Closing();
  try {
    const outDir = await mkdtemp(join(tmpdir(), 'parity-page-'));
    closing.add(() => rm(outDir, { recursive: true }));
    const config = mergeConfig(engineBuild, {
      configFile: false,
      root: pages,
      publicDir: false,
      logLevel: 'error',
      plugins: [servedFolders(foldersOf(cases, model))],
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
    const { device } = unwrap(await page.evaluate(() => engine.start('webgpu')));
    report(`WebGPU: ${device}`);

    const results: Comparison[] = [];
    let variant: GraphVariant | undefined;
    for (const [i, folder] of cases.entries()) {
      const given: GivenCase = {
        name: basename(folder),
        folder: `/given/case-${i}/`,
        beside: `/given/beside-${i}/`,
        ...(model === undefined ? {} : { model: '/given/model/' }),
        dtype,
        tolerance,
      };
      const ran = unwrap(await page.evaluate((one: GivenCase) => engine.given(one), given));
      variant = ran.variant;
      onCase(folder, ran.cases);
      results.push(...ran.cases);
    }
    return { device, variant, cases: results };
  } finally {
    await closing.close();
  }
}

function foldersOf(cases: readonly string[], model: string | undefined): ServedFolder[] {
  return [
    ...cases.flatMap((folder, i) => [
      { base: `/given/case-${i}/`, folder },
      { base: `/given/beside-${i}/`, folder: dirname(folder), parent: true },
    ]),
    ...(model === undefined ? [] : [{ base: '/given/model/', folder: model }]),
  ];
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
