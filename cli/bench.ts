/** Times this engine on this machine. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { forkJob } from '../bench/fork-job.ts';
import { type BenchJob, type BenchmarkName, benchmarkNames } from '../bench/jobs.ts';
import type { BenchResult } from '../bench/result.ts';
import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import { choiceOption, numberOption } from './number-option.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const backends = ['cpu', 'wasm', 'webgpu'] as const;

const usage = `npm run -s bench -- [--only ${benchmarkNames.join('|')}] [--backend ${backends.join('|')}] [--threads N]
  [--case DIR] [--attention fused|decomposed|blocked] [--score-mib N] [--chromium-flag FLAG]...
  --case: config.json, checkpoint, exported/model.onnx, io.json and io.safetensors for graph-vs-export
  --attention, --score-mib: another variant than the app's, in Node
  --chromium-flag: for WebGPU, which runs in Chromium; on a software adapter with few repetitions`;

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      backend: { type: 'string' },
      threads: { type: 'string' },
      case: { type: 'string' },
      attention: { type: 'string' },
      'score-mib': { type: 'string' },
      'chromium-flag': { type: 'string', multiple: true },
    },
  });
  const names =
    values.only === undefined
      ? benchmarkNames
      : [choiceOption('only', values.only, benchmarkNames, 'stages')];
  const chosen =
    values.backend === undefined ? backends : [choiceOption('backend', values.backend, backends, 'cpu')];
  const threads = numberOption('threads', values.threads);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new UsageError('--threads must be a whole number from 1.');
  }
  const caseFolder =
    values.case ?? fileURLToPath(new URL('../../shared/reference-onnx/unet-mid', import.meta.url));
  const variant = variantOf(values.attention, numberOption('score-mib', values['score-mib']));

  const machine = {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    // Above the number of cores the times are those of a busy machine; the ratios stay.
    load_before: loadavg()[0],
  };
  const results: BenchResult[] = [];
  const onNode = chosen.flatMap((backend) => (backend === 'webgpu' ? [] : [backend]));
  let success = true;
  for (const name of names) {
    for (const backend of onNode) {
      for (const count of threads === undefined ? threadCounts(name, backend) : [threads]) {
        const job: BenchJob = { name, backend, threads: count, caseFolder, variant };
        report(`${name} on ${backend}, ${count} threads`);
        try {
          results.push(...(await forkJob(job)));
        } catch (thrown) {
          success = false;
          const { message, found } = thrown as { message: string; found?: string };
          report(`  ${message} ${found ?? ''}`);
          results.push({ name, backend, threads: count, failed: `${message} ${found ?? ''}`.trim() });
        }
      }
    }
  }
  if (chosen.includes('webgpu')) {
    const { benchInBrowser } = await import('./browser-bench.ts');
    results.push(...(await benchInBrowser(names, caseFolder, values['chromium-flag'] ?? [])));
  }
  return { output: { machine, results }, success };
});

function threadCounts(name: BenchmarkName, backend: 'cpu' | 'wasm'): readonly number[] {
  if (backend === 'cpu') return [availableParallelism()];
  return name === 'graph-vs-export' ? [2] : [1, 2];
}

function variantOf(attention: string | undefined, scoreMib: number | undefined): Partial<GraphVariant> {
  return {
    ...(attention === undefined
      ? {}
      : {
          attention: choiceOption(
            'attention',
            attention,
            ['fused', 'decomposed', 'blocked'] as const,
            'fused',
          ),
        }),
    ...(scoreMib === undefined ? {} : { scoreBytes: scoreMib * 2 ** 20 }),
  };
}
