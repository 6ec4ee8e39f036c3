/** The embedded weights: whole runs equal PyTorch's (training/golden, by training/reference.py). */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../platform/hub/catalogue.ts';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import { loadClipTokenizer } from '../../platform/tokenizer/clip-tokenizer.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import type { ModelDescriptor } from './model.ts';
import { ModelHost } from './model-host.ts';
import type { Runtime } from './ports.ts';

interface GoldenRun {
  readonly label: string;
  readonly component: string;
  readonly prompt: string;
  readonly unet: string;
  readonly steps: number;
  readonly guidance: number;
}

const golden = 'training/golden';
const { calls } = JSON.parse(readFileSync(`${golden}/io.json`, 'utf8')) as { calls: GoldenRun[] };
const runs = calls.filter(({ component }) => component === 'pipeline');

describe('the embedded model', () => {
  const files = new DirectoryFiles('models');
  let runtime: Runtime;
  let host: ModelHost;
  let tensors: Checkpoint;
  let models: readonly ModelDescriptor[];
  beforeAll(async () => {
    runtime = await createNodeRuntime();
    host = new ModelHost({
      runtime,
      files,
      loadTokenizer: loadClipTokenizer,
      clock: () => performance.now(),
    });
    tensors = await openCheckpoint(new DirectoryFiles(golden), 'io');
    models = await readCatalogue(files);
  });
  afterAll(async () => {
    await host.dispose();
    await runtime.dispose();
  });

  it('has recorded runs of every network', () => {
    const recorded = new Set(runs.map(({ unet }) => `nano/${unet}`));
    const family = models.filter(({ lineage }) => lineage === 'nano');
    expect(recorded).toEqual(new Set(family.map(({ components }) => components.unet)));
  });

  it.each(runs)('draws $label ($prompt) as PyTorch does', async ({ label, unet, steps, ...run }) => {
    const model = models.find(({ components }) => components.unet === `nano/${unet}`)!;
    const pipeline = await host.open(model, { size: { width: 64, height: 64 } });
    const { ids } = await host.countTokens(model, run.prompt);
    const { latents, rgba } = await pipeline.generate(
      {
        prompt: run.prompt,
        stepCount: steps,
        guidanceScale: run.guidance,
        seed: 0,
        width: 64,
        height: 64,
      },
      {
        recorded: {
          ids,
          negativeIds: (await host.countTokens(model, '')).ids,
          noise: await tensors.readTensor(`${label}/in.latents`),
        },
      },
    );
    const wanted = await tensors.readTensor(`${label}/out.latents`);
    const largest = Math.max(...wanted.map(Math.abs));
    const error = Math.max(...latents.data.map((value, i) => Math.abs(value - wanted[i]!)));
    // Six guided steps add up to a few 1e-6, and the solver's first step divides by 0.07; the bar is 1e-3.
    expect(error / largest).toBeLessThan(1e-4);

    const entry = tensors.entry(`${label}/out.picture`);
    const bytes = await tensors.readTensor(`${label}/out.picture`);
    const planes = entry.shape.at(-1) !== 3;
    const worst = bytes.reduce((difference, value, i) => {
      const [pixel, channel] = planes ? [i % 4096, Math.floor(i / 4096)] : [Math.floor(i / 3), i % 3];
      return Math.max(difference, Math.abs(value - rgba[4 * pixel + channel]!));
    }, 0);
    expect(worst).toBeLessThanOrEqual(1);
  });
});
