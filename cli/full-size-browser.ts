/**
 * Part of `npm run test:full`: a full-size checkpoint from a local hub into Chromium's storage, with the browser killed
 * in the middle, and from there onto WebGPU, every recorded output compared; with the memory of the process tree. What
 * the profile has already isn't downloaded again.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { build, mergeConfig, preview } from 'vite';
import { startHub } from '../bench/download/start-hub.ts';
import type { GivenCase } from '../e2e/pages/given-case.ts';
import { componentWeights } from '../src/engine/pipeline/component-weights.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { unwrap } from '../src/worker/outcome.ts';
import { engineBuild } from '../vite-engine.ts';
import { servedFolders } from './browser-parity-folders.ts';
import { BrowserSession } from './browser-session.ts';
import { MemoryWatch } from './memory-watch.ts';
import { choiceOption, numberOption } from './number-option.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const usage =
  'tsx cli/full-size-browser.ts CASE... --model DIR --profile DIR [--store original|float16] [--dtype f32|f16] [--tolerance T] [--call LABEL]... [--port N]';
const repository = 'made/full-size';
const storedFolder = 'made--full-size';
const pages = join(import.meta.dirname, '../e2e/pages');

const parts = { text_encoder: 'text encoder', unet: 'network', vae: 'decoder' } as const;

/** Components that a call loads. */
const loadedBy: Readonly<Record<string, readonly (keyof typeof parts)[]>> = {
  text: ['text_encoder'],
  unet: ['unet'],
  vae: ['vae'],
  pipeline: ['text_encoder', 'unet', 'vae'],
};

/** What the browser takes after its start is looked at once it has come to rest. */
const restMs = 3000;

/** The bar for one network in float16, beside its weights and the browser as it was before; the rest is told. */
const largestBesideBytes = 600e6;

await runCommand(usage, async () => {
  const { values, positionals: cases } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      profile: { type: 'string' },
      store: { type: 'string' },
      dtype: { type: 'string' },
      tolerance: { type: 'string' },
      call: { type: 'string', multiple: true },
      // What is stored belongs to an address.
      port: { type: 'string', default: '41115' },
    },
  });
  const { model, profile } = values;
  if (!model || !profile || cases.length === 0)
    throw new UsageError('Cases, --model and --profile are needed.');
  const site = await servePages(cases, Number(values.port));
  const hub = await startHub([`${repository}=${model}`], Number(values.port) + 1);
  const session = new BrowserSession(profile, site.origin);
  try {
    const chosen = await chosenType(session);
    const dtype = choiceOption('dtype', values.dtype, ['f32', 'f16'] as const, chosen);
    const usual = dtype === 'f16' ? 'float16' : 'original';
    const store = choiceOption('store', values.store, ['original', 'float16'] as const, usual);
    // float16 keeps ten bits, whether the weights or the arithmetic are in it.
    const tolerance =
      numberOption('tolerance', values.tolerance) ?? (dtype === 'f16' || store === 'float16' ? 2e-2 : 2e-3);
    const download = await downloadInterrupted(session, hub.url, store);
    hub.stop();
    const runs = await runCases(session, cases, { dtype, tolerance }, model, values.call);
    const pass = runs.every((run) => run.pass);
    return { output: { pass, store, dtype, download, runs }, success: pass };
  } finally {
    hub.stop();
    await session.close();
    await site.close();
  }
});

async function servePages(cases: readonly string[], port: number) {
  const outDir = await mkdtemp('/tmp/full-size-pages-');
  const folders = cases.map((folder, i) => ({ base: `/given/case-${i}/`, folder }));
  const config = mergeConfig(engineBuild, {
    configFile: false,
    root: pages,
    publicDir: false,
    logLevel: 'error',
    plugins: [servedFolders(folders)],
    build: {
      outDir,
      emptyOutDir: true,
      rollupOptions: { input: [join(pages, 'engine.html'), join(pages, 'store.html')] },
    },
    preview: { host: '127.0.0.1', port, strictPort: true },
  });
  report('building the pages ...');
  await build(config);
  const server = await preview(config);
  const close = async () => {
    await server.close();
    await rm(outDir, { recursive: true });
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** What the engine computes in here, as in the app. */
async function chosenType(session: BrowserSession): Promise<GivenCase['dtype']> {
  const page = await session.open('/engine.html');
  const { variant } = unwrap(await page.evaluate(() => engine.start('webgpu')));
  await session.close();
  return variant.dtype;
}

async function downloadInterrupted(session: BrowserSession, hub: string, store: 'original' | 'float16') {
  const begun = performance.now();
  const start = (page: Page) =>
    page.evaluate(
      ([url, id, as]) =>
        void window.store.download(url, id, as as 'original').then((done) => Object.assign(window, { done })),
      [hub, repository, store] as const,
    );
  const received = (page: Page) =>
    page.evaluate(() => {
      const { receivedBytes = 0, totalBytes = 1 } = window.store.told.at(-1) ?? {};
      return { receivedBytes, totalBytes };
    });
  const first = await session.open('/store.html');
  if ((await first.evaluate(() => window.store.list())).some(({ complete }) => complete)) {
    await session.close();
    return 'in the profile already';
  }
  await start(first);
  await first.waitForFunction(
    () => {
      const { receivedBytes = 0, totalBytes = 1 } = window.store.told.at(-1) ?? {};
      return receivedBytes > totalBytes / 2;
    },
    undefined,
    { timeout: 1_800_000, polling: 250 },
  );
  const beforeKill = await received(first);
  report(`killing the browser at ${beforeKill.receivedBytes} of ${beforeKill.totalBytes} bytes`);
  await session.kill();
  const second = await session.open('/store.html');
  await start(second);
  await second.waitForFunction(() => 'done' in window, undefined, { timeout: 1_800_000, polling: 500 });
  const done = await second.evaluate(() => (window as unknown as { done: unknown }).done);
  if (done !== 'done') throw new Error(`The download failed: ${JSON.stringify(done)}`);
  const resumedBytes = await second.evaluate(() => window.store.told.at(-1)!.resumedBytes);
  const [stored] = await second.evaluate(() => window.store.list());
  await session.close();
  return {
    bytes: beforeKill.totalBytes,
    killed_at_bytes: beforeKill.receivedBytes,
    resumed_bytes: resumedBytes,
    stored_bytes: stored?.storedBytes,
    seconds: (performance.now() - begun) / 1000,
  };
}

/** Each in a browser of its own: what one network leaves behind is not the next one's. */
async function runCases(
  session: BrowserSession,
  cases: readonly string[],
  numbers: Pick<GivenCase, 'dtype' | 'tolerance'>,
  model: string,
  only: readonly string[] | undefined,
) {
  const results = [];
  for (const [i, folder] of cases.entries()) {
    const { calls } = JSON.parse(readFileSync(join(folder, 'io.json'), 'utf8')) as {
      calls: { label: string }[];
    };
    for (const { label } of calls) {
      if (only && !only.includes(label)) continue;
      const given: GivenCase = {
        name: basename(folder),
        folder: `/given/case-${i}/`,
        beside: '/given/',
        storedModel: storedFolder,
        ...numbers,
        only: label,
      };
      results.push(await runCall(session, given, await weightBytes(model, label, numbers.dtype)));
    }
  }
  return results;
}

/** What the weights of a call take on the card. */
async function weightBytes(model: string, label: string, dtype: GivenCase['dtype']): Promise<number> {
  let sum = 0;
  for (const component of loadedBy[label]!) {
    const weights = await componentWeights(new DirectoryFiles(model), component, parts[component]);
    sum += weights.loadedBytes(dtype);
  }
  return sum;
}

async function runCall(session: BrowserSession, given: GivenCase, weights: number) {
  const page = await session.open('/engine.html');
  const memory = new MemoryWatch(await session.pid());
  const { device } = unwrap(await page.evaluate(() => engine.start('webgpu')));
  await setTimeout(restMs);
  const idle = memory.latest;
  memory.lap();
  report(`${given.name} ${given.only} on ${device}`);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const telling = setInterval(() => {
    report(`  ${seconds().toFixed(0)} s, ${(memory.latest.bytes / 1e9).toFixed(2)} GB`);
  }, 30_000);
  try {
    const { cases, variant } = unwrap(await page.evaluate((one) => engine.given(one), given));
    for (const { output, rel, skipped } of cases) report(`  ${output}: ${skipped ?? rel}`);
    const peak = memory.stop();
    const besideBytes = peak.bytes - idle.bytes - weights;
    const held = given.dtype === 'f16' && given.only !== 'pipeline';
    const fits = !held || besideBytes <= largestBesideBytes;
    if (!fits) report(`  ${(besideBytes / 1e6).toFixed(0)} MB beside weights and browser`);
    return {
      case: given.name,
      call: given.only,
      pass: fits && cases.length > 0 && cases.every(({ pass }) => pass),
      seconds: seconds(),
      device,
      variant,
      idle_bytes: idle.bytes,
      weight_bytes: weights,
      peak_bytes: peak.bytes,
      beside_bytes: besideBytes,
      outputs: cases,
    };
  } finally {
    clearInterval(telling);
    memory.stop();
    await session.close();
  }
}
