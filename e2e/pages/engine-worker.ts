/** Parts of the engine in a worker, through the app's own runtime. */
import { expose } from 'comlink';
import type { BenchResult } from '../../bench/result.ts';
import { GraphBuilder } from '../../src/engine/onnx/graph-builder.ts';
import { relu } from '../../src/engine/onnx/ops/activation.ts';
import type { Comparison } from '../../src/engine/parity/comparison.ts';
import { runCase } from '../../src/engine/parity/run-case.ts';
import type { Session } from '../../src/engine/pipeline/ports.ts';
import { openHttpFiles } from '../../src/platform/hub/http-files.ts';
import type { BackendReport } from '../../src/platform/ort/backend-report.ts';
import {
  type BackendWish,
  type ChosenRuntime,
  chooseRuntime,
} from '../../src/platform/ort/choose-runtime.ts';
import { noFiles } from '../../src/platform/ort/no-files.ts';
import { ortAssets } from '../../src/platform/ort/ort-assets.ts';
import { ort } from '../../src/platform/ort/ort-build.ts';
import { workerThreads } from '../../src/platform/ort/worker-threads.ts';
import { loadClipTokenizer } from '../../src/platform/tokenizer/clip-tokenizer.ts';
import { type Outcome, outcomeOf } from '../../src/worker/outcome.ts';
import { folderFiles } from './folder-files.ts';
import { type GivenBench, runGivenBench } from './given-bench.ts';
import { type GivenCase, type GivenCaseResult, runGivenCase } from './given-case.ts';

const now = () => performance.now();
let chosen: ChosenRuntime | undefined;

const parts = {
  /** Opens a backend as the app does. */
  start(wish: BackendWish): Promise<Outcome<BackendReport>> {
    return outcomeOf(async () => {
      chosen = await chooseRuntime(wish, {
        assets: ortAssets,
        threads: workerThreads(navigator.hardwareConcurrency, crossOriginIsolated),
        gpu: navigator.gpu,
        now,
      });
      return chosen.report;
    });
  },

  /** A folder of fixtures/reference in the variant that the self-test chose, each output compared. */
  parity(name: string): Promise<Outcome<readonly Comparison[]>> {
    return outcomeOf(async () => {
      const { runtime } = chosen!;
      const cases = await openHttpFiles({ root: new URL('/cases/', location.href).href });
      return runCase({
        name,
        files: folderFiles(cases, name),
        runtime,
        variant: runtime.variant,
        tolerance: runtime.variant.dtype === 'f16' ? 2e-2 : 1e-4,
        clock: now,
        loadTokenizer: loadClipTokenizer,
        model: undefined,
        sibling: (sibling) => folderFiles(cases, sibling),
      });
    });
  },

  /** Any folder that the server has, for the command line. */
  given(given: GivenCase): Promise<Outcome<GivenCaseResult>> {
    return outcomeOf(() => runGivenCase(chosen!.runtime, given));
  },

  /** For the command line. */
  bench(given: GivenBench): Promise<Outcome<BenchResult[]>> {
    return outcomeOf(() => runGivenBench(chosen!.runtime, given));
  },

  /**
   * A run in which the device has an error that no call reports: a buffer that it can't make.
   * @returns that run, and the next
   */
  async failSilently(): Promise<readonly Outcome<unknown>[]> {
    const session = await openSmall();
    const device = await ort().env.webgpu.device;
    device.createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE });
    return [await outcomeOf(() => session.run(small)), await outcomeOf(() => session.run(small))];
  },

  /** Takes the graphics device away during a run, as a driver's reset does. */
  async loseDevice(): Promise<Outcome<unknown>> {
    const session = await openSmall();
    (await ort().env.webgpu.device).destroy();
    return outcomeOf(() => session.run(small));
  },
};

const small = { x: { dtype: 'f32', shape: [4], data: new Float32Array(4) } } as const;

function openSmall(): Promise<Session> {
  const g = new GraphBuilder({ name: 'interrupted', dtype: 'f32' });
  g.output(relu(g, g.floatInput('x', [4])), 'y');
  return chosen!.runtime.createSession(g.build(), noFiles);
}

export type EngineParts = typeof parts;

expose(parts);
