/** The pipeline's own promises, on the tiny reference model and the real runtime; its numbers: engine/parity. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { describeFolder } from './describe-folder.ts';
import type { GenerationRequest } from './generation.ts';
import type { ModelDescriptor } from './model.ts';
import { ModelHost } from './model-host.ts';
import type { Runtime } from './ports.ts';

const files = new DirectoryFiles('fixtures/reference/e2e');
const size = { width: 64, height: 64 };

/** The fixture has no tokenizer: words by their first letters. */
const letters: Tokenizer = {
  encode(prompt) {
    const words = prompt.split(' ').map((word) => 1000 + (word.codePointAt(0) ?? 0));
    const ids = [...words, ...new Array(77).fill(1)].slice(0, 77);
    return { ids, tokenCount: words.length, truncated: '' };
  },
};

/** The runtime, telling which graphs were loaded and run. */
function watched(runtime: Runtime): Runtime & { readonly loaded: string[]; readonly runs: string[] } {
  const loaded: string[] = [];
  const runs: string[] = [];
  return {
    ...runtime,
    loaded,
    runs,
    async createSession(graph, sources, options) {
      const session = await runtime.createSession(graph, sources, options);
      loaded.push(graph.name);
      return {
        run(feeds) {
          runs.push(graph.name);
          return session.run(feeds);
        },
        dispose: () => session.dispose(),
      };
    },
  };
}

describe('Pipeline', () => {
  let runtime: ReturnType<typeof watched>;
  let host: ModelHost;
  let descriptor: ModelDescriptor;
  beforeAll(async () => {
    runtime = watched(await createNodeRuntime({ threads: 1 }));
    host = new ModelHost({
      runtime,
      files,
      loadTokenizer: async () => letters,
      clock: () => performance.now(),
    });
    descriptor = { ...(await describeFolder(files)), sampler: 'rectified-flow' };
  });
  afterAll(async () => {
    await host.dispose();
    await runtime.dispose();
  });

  const request: GenerationRequest = {
    prompt: 'red apple',
    stepCount: 2,
    guidanceScale: 1,
    seed: 7,
    ...size,
  };
  const draw = async (change: Partial<GenerationRequest> = {}) =>
    (await host.open(descriptor, { size })).generate({ ...request, ...change });

  it('draws the same bytes for the same seed, others for another seed or prompt', async () => {
    const { rgba } = await draw();
    expect((await draw()).rgba).toEqual(rgba);
    expect((await draw({ seed: 8 })).rgba).not.toEqual(rgba);
    expect((await draw({ prompt: 'blue pear' })).rgba).not.toEqual(rgba);
  });

  it('guides above 1 only, and hears the negative prompt only then', async () => {
    const { rgba } = await draw();
    for (const guidanceScale of [0, 0.5, 1]) {
      expect((await draw({ guidanceScale, negativePrompt: 'blue' })).rgba).toEqual(rgba);
    }
    const guided = await draw({ guidanceScale: 3 });
    expect(guided.rgba).not.toEqual(rgba);
    expect(guided.evaluations).toBe(2);
    expect((await draw({ guidanceScale: 3, negativePrompt: '' })).rgba).toEqual(guided.rgba);
    expect((await draw({ guidanceScale: 3, negativePrompt: 'blue' })).rgba).not.toEqual(guided.rgba);
  });

  it('blends prompts and seeds: at either end it is the one or the other, between them neither', async () => {
    const [own, otherPrompt, otherSeed] = [
      await draw(),
      await draw({ prompt: 'blue pear' }),
      await draw({ seed: 8 }),
    ];
    const prompts = (weight: number) => draw({ promptBlend: { prompt: 'blue pear', weight } });
    const seeds = (weight: number) => draw({ seedBlend: { seed: 8, weight } });
    expect([(await prompts(0)).rgba, (await prompts(1)).rgba]).toEqual([own.rgba, otherPrompt.rgba]);
    expect((await seeds(0)).rgba).toEqual(own.rgba);
    // The sphere's end is the other noise but for the last bit of each value.
    const end = (await seeds(1)).rgba;
    expect(Math.max(...end.map((value, i) => Math.abs(value - otherSeed.rgba[i]!)))).toBeLessThanOrEqual(1);
    for (const half of [await prompts(0.5), await seeds(0.5)]) {
      expect([own, otherPrompt, otherSeed].map(({ rgba }) => rgba)).not.toContainEqual(half.rgba);
    }
    await expect(seeds(1.5)).rejects.toMatchObject({ code: 'argument-invalid', subject: 'seedBlend.weight' });
    await expect(draw({ seedBlend: { seed: -1, weight: 0 } })).rejects.toMatchObject({
      subject: 'seedBlend.seed',
    });
  });

  it('loads once what models share, and encodes a prompt once', async () => {
    const begun = runtime.loaded.length;
    const runsOf = (graph: string) => runtime.runs.filter((name) => name === graph).length;
    const encoded = runsOf('clip-text');
    const other = { ...descriptor, id: 'other', sampler: undefined };
    await draw({ prompt: 'seen before' });
    const pipeline = await host.open(other, { size });
    const { sampler } = await pipeline.generate({ ...request, prompt: 'seen before', stepCount: 3 });
    expect(sampler).toBe('pndm'); // the folder's scheduler, since this descriptor names none
    expect(runtime.loaded.length).toBe(begun);
    expect(runsOf('clip-text')).toBe(encoded + 1);
  });

  it('tells every step, whose last latents are the result and decode to the picture', async () => {
    const pipeline = await host.open(descriptor, { size });
    const times: number[] = [];
    let last = new Float32Array();
    let endpoint = new Float32Array();
    const result = await pipeline.generate(
      { ...request, stepCount: 4 },
      {
        onStep(step) {
          times.push(step.time);
          last = step.latents.slice();
          endpoint = step.endpoint.slice();
        },
      },
    );
    expect(times).toEqual([0.25, 0.5, 0.75, 1]);
    expect(last).toEqual(result.latents.data);
    expect(endpoint).toEqual(last);
    expect((await pipeline.decode(last)).rgba).toEqual(result.rgba);
    expect(result.timings.stepMs).toHaveLength(4);
    expect(result.rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('stops between steps when cancelled', async () => {
    const pipeline = await host.open(descriptor, { size });
    const controller = new AbortController();
    const steps: number[] = [];
    const evaluations = () => runtime.runs.filter((name) => name === 'unet-2d-condition').length;
    const begun = evaluations();
    const drawing = pipeline.generate(
      { ...request, stepCount: 20 },
      {
        signal: controller.signal,
        onStep({ i }) {
          steps.push(i);
          if (i === 1) controller.abort();
        },
      },
    );
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
    expect(steps).toEqual([0, 1]);
    expect(evaluations() - begun).toBe(2);
    await draw();
  });

  it('reports latents that are no numbers', async () => {
    const guidance = { minimum: 0, maximum: 1e40, initial: 1 };
    const pipeline = await host.open({ ...descriptor, guidance }, { size });
    await expect(pipeline.generate({ ...request, guidanceScale: 1e39 })).rejects.toMatchObject({
      code: 'non-finite',
      subject: expect.stringContaining('latents after step 1'),
    });
  });

  it('holds a one-step model to one step without guidance', async () => {
    const steps = { minimum: 1, maximum: 1, initial: 1 };
    const pipeline = await host.open({ ...descriptor, steps, guidance: null }, { size });
    const refused = (change: Partial<GenerationRequest>) =>
      expect(pipeline.generate({ ...request, stepCount: 1, ...change })).rejects;
    await refused({ stepCount: 4 }).toMatchObject({
      code: 'argument-invalid',
      subject: 'steps',
      wanted: '1',
    });
    await refused({ guidanceScale: 2 }).toMatchObject({ code: 'argument-invalid', subject: 'guidance' });
  });

  it.each([
    [{ stepCount: 0 }, 'steps'],
    [{ stepCount: 1001 }, 'steps'],
    [{ stepCount: 2.5 }, 'steps'],
    [{ guidanceScale: -1 }, 'guidance'],
    [{ guidanceScale: Number.NaN }, 'guidance'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 53 }, 'seed'],
    [{ width: 60 }, 'width'],
    [{ height: 0 }, 'height'],
    [{ height: 4096 }, 'height'],
  ])('refuses %j, naming the argument', async (change, subject) => {
    const error = await draw(change).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'argument-invalid', subject });
  });

  it('refuses a size that it was not opened for', async () => {
    const error = await draw({ width: 72 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'argument-invalid' });
  });

  it('refuses a sampler that there is not', async () => {
    await expect(draw({ sampler: 'no-such' })).rejects.toMatchObject({ code: 'scheduler-unsupported' });
  });
});
