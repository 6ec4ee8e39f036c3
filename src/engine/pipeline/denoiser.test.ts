/** What depends on the prompt alone is computed once where the backend can keep it, and changes no result. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import { gaussianNoise } from '../core/noise.ts';
import { floatTensor, type Tensor } from '../core/tensor.ts';
import { createRectifiedFlow } from '../samplers/rectified-flow.ts';
import { loadDenoiser } from './denoiser.ts';
import type { Feeds, KeptTensor, Runtime } from './ports.ts';
import { sampleLatents } from './sample-latents.ts';

class HostTensor implements KeptTensor {
  readonly kept = true;
  readonly tensor: Tensor;
  disposed = false;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  get shape() {
    return this.tensor.shape;
  }

  dispose() {
    this.disposed = true;
  }
}

/** The runtime as one that keeps tensors; `made` lists what it kept, `runs` the graphs that ran. */
function keepingRuntime(runtime: Runtime) {
  const made: HostTensor[] = [];
  const runs: string[] = [];
  const keeping: Runtime = {
    ...runtime,
    capabilities: { ...runtime.capabilities, keepsTensors: true },
    async createSession(graph, files, options) {
      const session = await runtime.createSession(graph, files, options);
      const run = (feeds: Feeds) => {
        runs.push(graph.name);
        const host = Object.entries(feeds).map(([name, tensor]) => {
          if (!(tensor instanceof HostTensor)) return [name, tensor];
          expect(tensor.disposed).toBe(false);
          return [name, tensor.tensor];
        });
        return session.run(Object.fromEntries(host));
      };
      if (options?.outputs !== 'kept') return { ...session, run };
      return {
        ...session,
        run,
        async keep(feeds) {
          const outputs = Object.entries(await run(feeds)).map(([name, tensor]) => {
            const kept = new HostTensor(tensor);
            made.push(kept);
            return [name, kept] as const;
          });
          return Object.fromEntries(outputs);
        },
      };
    },
  };
  return { keeping, made, runs };
}

describe('a denoiser on a backend that keeps tensors', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await createNodeRuntime({ threads: 1 });
  });
  afterAll(() => runtime.dispose());

  const files = new DirectoryFiles('fixtures/reference/unet-tiny-eps');
  const size = { height: 8, width: 8, textLength: 5 };
  const text = (seed: number) => floatTensor([1, 5, 24], gaussianNoise(5 * 24, { seed }));
  const latents = gaussianNoise(4 * 8 * 8, { seed: 9 });

  it('projects each pair of texts once, and gives what it gives without', async () => {
    const { keeping, made, runs } = keepingRuntime(runtime);
    const plain = await loadDenoiser({ runtime, files }, '', size);
    const denoiser = await loadDenoiser({ runtime: keeping, files }, '', size);
    const [first, second] = [text(1), text(2)];
    for (const texts of [[first], [first], [second, first], [second, first], [first]]) {
      for (const timestep of [900, 500]) {
        const input = { latents, timestep, texts, guidanceScale: 1 };
        const found = await denoiser.evaluate(input);
        const wanted = await plain.evaluate(input);
        expect(found).toHaveLength(texts.length);
        for (const [i, values] of found.entries()) {
          for (const [k, value] of values.entries()) expect(value).toBeCloseTo(wanted[i]![k]!, 4);
        }
      }
    }
    expect(runs.filter((name) => name === 'text-projections')).toHaveLength(3);
    expect(made.map(({ disposed }) => disposed)).toEqual([true, true, false]);
    await denoiser.dispose();
    expect(made.every(({ disposed }) => disposed)).toBe(true);
    await plain.dispose();
  });

  it.each([[1], [3]])('walks a flow as it steps, guidance %d', async (guidanceScale) => {
    const { keeping, made, runs } = keepingRuntime(runtime);
    const denoiser = await loadDenoiser({ runtime: keeping, files }, '', size);
    const options = {
      denoiser,
      sampler: createRectifiedFlow(),
      stepCount: 3,
      guidanceScale,
      text: text(1),
      negativeText: guidanceScale > 1 ? text(2) : undefined,
      noise: latents,
      seed: 0,
      clock: () => performance.now(),
    };
    const stepped = await sampleLatents({ ...options, onStep: () => {} });
    expect(runs).not.toContain(`euler-step-${guidanceScale > 1 ? 2 : 1}`);
    const walked = await sampleLatents(options);
    expect(runs.filter((name) => name.startsWith('euler-step'))).toHaveLength(3);
    expect(walked.stepMs).toHaveLength(3);
    for (const [i, value] of walked.latents.entries()) expect(value).toBeCloseTo(stepped.latents[i]!, 4);

    const steppedTwice = () => runs.filter((name) => name.startsWith('euler-step')).length === 3 + 2;
    const signal = {
      get aborted() {
        return steppedTwice();
      },
    };
    await expect(sampleLatents({ ...options, signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(steppedTwice()).toBe(true);
    await denoiser.dispose();
    expect(made.filter(({ disposed }) => !disposed)).toEqual([]);
  });
});
