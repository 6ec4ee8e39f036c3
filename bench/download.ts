/**
 * npx tsx bench/download.ts [--mib 512] [--rounds 5] [--folder DIR] [--port 5021]: in Chromium, a download into the
 * store (hashed, digested, converted, written) against a bare `fetch` of the same bytes in a worker that drops them,
 * in turns, over loopback; and what of both cores each takes.
 * @param folder of the browser's profile, and so of what is stored; a folder in memory leaves the disk out of it
 */
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { safetensorsBytes, writeFolder } from '../src/testing/hub-folder.ts';
import { openBenchPage } from './download/bench-page.ts';
import { processorMs } from './download/processor-time.ts';
import { startHub } from './download/start-hub.ts';
import { type Variant, variants } from './download/variant.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
    port: { type: 'string', default: '5021' },
  },
});

interface Measured {
  readonly megabytesPerSecond: number;
  /** Of all cores' time while it ran; undefined where that can't be told. */
  readonly browserShare: number | undefined;
  readonly hubShare: number | undefined;
  /** Processor time of both: what a busy machine changes least. */
  readonly msPerMegabyte: number | undefined;
}

const model = 'bench/model';
const weights = 'unet/diffusion_pytorch_model.safetensors';

/** @returns the size of the weights in bytes */
function writeModel(folder: string, mebibytes: number): number {
  const tiny = safetensorsBytes({ a: 4 });
  writeFolder(folder, {
    'model_index.json': '{}',
    'unet/config.json': '{}',
    'text_encoder/model.safetensors': tiny,
    'vae/diffusion_pytorch_model.safetensors': tiny,
    [weights]: '',
  });
  // Piece by piece, so that gigabytes are no matter; any finite numbers will do.
  const piece = Float32Array.from({ length: 1 << 18 }, (_, i) => Math.sin(i * 0.7) * 3);
  const sizeBytes = mebibytes * piece.byteLength;
  const fields = { weight: { dtype: 'F32', shape: [sizeBytes / 4], data_offsets: [0, sizeBytes] } };
  const json = new TextEncoder().encode(JSON.stringify(fields));
  const file = openSync(join(folder, weights), 'w');
  writeSync(file, new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer));
  writeSync(file, json);
  for (let i = 0; i < mebibytes; i++) writeSync(file, piece);
  return 8 + json.length + sizeBytes;
}

const percent = (share: number | undefined) => (share === undefined ? '?' : `${Math.round(share * 100)} %`);

const root = mkdtempSync(join(values.folder, 'bench-download-'));
const sizeBytes = writeModel(join(root, 'model'), Number(values.mib));
const hub = await startHub([`${model}=${join(root, 'model')}`], Number(values.port) + 1);
const opened = await openBenchPage(root, Number(values.port)).catch((thrown: unknown) => {
  hub.stop();
  throw thrown;
});
const url = `${hub.url}/${model}/resolve/main/${weights}`;

async function measure(variant: Variant): Promise<Measured> {
  const job = { variant, hub: hub.url, model, url, sizeBytes };
  await opened.page.evaluate((id) => window.downloadBench.clear(id), model);
  const browserBefore = opened.pid && processorMs(opened.pid);
  const hubBefore = processorMs(hub.pid);
  const ms = await opened.page.evaluate((one) => window.downloadBench.run(one), job);
  const share = (before: number | undefined, after: number | undefined) =>
    before === undefined || after === undefined ? undefined : (after - before) / ms / availableParallelism();
  const megabytesPerSecond = sizeBytes / ms / 1000;
  const browserShare = share(browserBefore, opened.pid && processorMs(opened.pid));
  const hubShare = share(hubBefore, processorMs(hub.pid));
  const both = browserShare === undefined || hubShare === undefined ? undefined : browserShare + hubShare;
  const msPerMegabyte = both && (both * availableParallelism() * 1000) / megabytesPerSecond;
  return { megabytesPerSecond, browserShare, hubShare, msPerMegabyte };
}

try {
  // The hub hashes the file when it is first asked for, and the browser compiles what it runs often.
  for (const variant of variants) await measure(variant);
  const rounds: Record<Variant, Measured>[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const measured: Partial<Record<Variant, Measured>> = {};
    // Another one first in each round.
    for (const i of variants.keys()) {
      const variant = variants[(i + round) % variants.length]!;
      measured[variant] = await measure(variant);
    }
    rounds.push(measured as Record<Variant, Measured>);
    const rates = variants.map((name) => `${name} ${measured[name]!.megabytesPerSecond.toFixed(0)}`);
    process.stdout.write(`${rates.join(', ')} MB/s\n`);
  }
  const middle = (pick: (round: Record<Variant, Measured>) => number | undefined) => {
    const numbers = rounds.map(pick);
    return numbers.includes(undefined) ? undefined : median(numbers as number[]);
  };
  for (const name of variants) {
    const ratios = (['one-stream', 'short-ranges'] as const).map((bare) => {
      const ratio = middle((round) => round[name].megabytesPerSecond / round[bare].megabytesPerSecond);
      return `${ratio!.toFixed(2)} of ${bare}`;
    });
    const rate = middle((round) => round[name].megabytesPerSecond)!;
    const shares = `browser ${percent(middle((round) => round[name].browserShare))}, hub ${percent(middle((round) => round[name].hubShare))} of all cores`;
    const each = middle((round) => round[name].msPerMegabyte)?.toFixed(1) ?? '?';
    process.stdout.write(
      `${name}: ${rate.toFixed(0)} MB/s, ${ratios.join(', ')}; ${shares}, ${each} ms of them a MB\n`,
    );
  }
} finally {
  await opened.close();
  hub.stop();
  rmSync(root, { recursive: true });
}
