/** A benchmark on the page, over the folders that the command serves. */
import { type BenchmarkName, benchmarks, fullEffort, softwareCardEffort } from '../../bench/jobs.ts';
import type { BenchResult } from '../../bench/result.ts';
import type { Runtime } from '../../src/engine/pipeline/ports.ts';
import { openHttpFiles } from '../../src/platform/hub/http-files.ts';
import { loadExportedOnWeb } from '../../src/platform/ort/exported-model.ts';
import { probeWebGpu } from '../../src/platform/ort/webgpu-adapter.ts';

export interface GivenBench {
  readonly name: BenchmarkName;
  /** The name of graph-vs-export's folder. */
  readonly race: string;
}

export async function runGivenBench(runtime: Runtime, { name, race }: GivenBench): Promise<BenchResult[]> {
  const filesAt = (path: string) => openHttpFiles({ root: new URL(path, location.href).href });
  const probe = await probeWebGpu(navigator.gpu);
  const software = probe.found && probe.adapter.software;
  const backend = {
    runtime,
    loadExported: (model: Uint8Array) => loadExportedOnWeb(model, 'webgpu'),
    labels: { backend: 'webgpu', threads: 0, variant: runtime.variant },
  } as const;
  return benchmarks[name](backend, {
    models: await filesAt('/given/models/'),
    race: { name: race, files: await filesAt('/given/race/') },
    effort: software ? softwareCardEffort : fullEffort,
  });
}
