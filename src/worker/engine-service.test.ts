import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { DirectoryFiles } from '../platform/node/directory-files.ts';
import { chooseRuntime } from '../platform/ort/choose-runtime.ts';
import { loadClipTokenizer } from '../platform/tokenizer/clip-tokenizer.ts';
import { EngineService } from './engine-service.ts';
import type { DrawEvent, DrawRequest, DrawResult } from './protocol.ts';

// The self-test alone takes seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The real engine on WASM in Node, with the embedded models. */
const now = () => performance.now();
/** Folders whose files are others than before, as a store would tell. */
const changed: string[] = [];
const checked: string[] = [];
const stored = {
  join: (root: ModelFiles) => root,
  descriptors: async () => [],
  check: async (folders: readonly string[]) => void checked.push(...folders),
  changed: async () => changed.splice(0),
};
const service = new EngineService({
  chooseRuntime: (choice) => chooseRuntime(choice, { gpu: undefined, now }),
  openFiles: async () => new DirectoryFiles('models'),
  loadTokenizer: loadClipTokenizer,
  now,
  stored,
});
let oneStep: DrawRequest;
let manySteps: DrawRequest;

beforeAll(async () => {
  await service.start('wasm');
  const models = await service.models();
  const single = models.find(({ steps }) => steps.maximum === 1)!;
  const many = models.find(({ steps }) => steps.maximum > 1)!;
  const common = { prompt: 'a red apple', seed: 7, width: 64, height: 64, previews: true };
  oneStep = { ...common, model: single.id, stepCount: 1, guidanceScale: 1 };
  manySteps = { ...common, model: many.id, stepCount: 4, guidanceScale: 2.5 };
});

async function draw(request: DrawRequest, signal = new AbortController().signal) {
  const events: DrawEvent[] = [];
  const result: DrawResult = await service.draw(request, { signal, onEvent: (event) => events.push(event) });
  return { result, events, kinds: events.map(({ kind }) => kind) };
}

describe('EngineService', () => {
  it('draws, telling loading, text, noise, every step with its latents, and decoding, in that order', async () => {
    const { result, events, kinds } = await draw(manySteps);
    const told = kinds.filter((kind) => kind !== 'loading');
    expect(told).toEqual(['text', 'noise', 'step', 'step', 'step', 'step', 'decode']);
    const parts = events.flatMap((event) => (event.kind === 'loading' ? [event.progress.part] : []));
    expect([...new Set(parts)]).toEqual(['text encoder', 'network', 'decoder']);
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.step] : []));
    expect(steps.map(({ time }) => time)).toEqual([0.25, 0.5, 0.75, 1]);
    const noise = events.find((event) => event.kind === 'noise');
    expect(noise).toMatchObject({ time: 0, latents: { channels: 16, height: 8, width: 8 } });
    for (const { latents, endpoint, endpointPicture } of steps) {
      expect([latents?.length, endpoint?.length]).toEqual([1024, 1024]);
      // Nothing was decoded before, so that a preview's cost isn't known and none is risked.
      expect(endpointPicture).toBeUndefined();
    }
    // The path ends in the picture: the last step arrives where it predicted.
    expect(steps.at(-1)!.endpoint).toBe(steps.at(-1)!.latents);
    const { model, width, height } = manySteps;
    const latents = [steps[0]!.latents!, steps.at(-1)!.endpoint!];
    const [first, last] = await service.decode({ model, width, height, latents });
    expect(first!.rgba).not.toEqual(last!.rgba);
    expect(last).toEqual(result.picture);
    expect(steps.at(-1)!.straightness).toEqual({
      starts: [0, 0.25, 0.5, 0.75],
      deviations: result.deviations,
      mean: result.straightness,
    });
    expect(result).toMatchObject({ cold: true, evaluations: 4, sampler: 'rectified-flow', backend: 'wasm' });
    expect(result.deviations).toHaveLength(4);
    expect(result.straightness).toBeGreaterThan(0);
    expect(result.straightness).toBeCloseTo(
      result.deviations.reduce((sum, value) => sum + value / 4, 0),
      10,
    );
  });

  it('gives the same pixels for the same seed, warm the second time, and shares the text encoder', async () => {
    const first = await draw(oneStep);
    const second = await draw(oneStep);
    expect(second.result.picture.rgba).toEqual(first.result.picture.rgba);
    expect([first.result.cold, second.result.cold]).toEqual([true, false]);
    expect(second.kinds).not.toContain('loading');
    const parts = first.events.flatMap((event) => (event.kind === 'loading' ? [event.progress.part] : []));
    expect(parts).not.toContain('text encoder');
    const other = await draw({ ...oneStep, seed: 8 });
    expect(other.result.picture.rgba).not.toEqual(first.result.picture.rgba);
    expect(first.result.straightness).toBe(0);
  });

  it('decodes end points while it draws, as far as time allows', async () => {
    const previewsOf = async (seed: number) => {
      const { events } = await draw({ ...manySteps, stepCount: 40, seed });
      return events.filter((event) => event.kind === 'step' && event.step.endpointPicture !== undefined);
    };
    // One decoding that a busy machine drew out makes the next run cautious.
    const counts: number[] = [];
    for (let seed = 1; seed <= 4 && Math.max(0, ...counts) === 0; seed++) {
      counts.push((await previewsOf(seed)).length);
    }
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(40);
  });

  it('sends no path unless asked', async () => {
    const { events } = await draw({ ...oneStep, previews: false });
    expect(events.map(({ kind }) => kind)).toEqual(['text', 'step', 'decode']);
    expect(Object.keys((events[1] as Extract<DrawEvent, { kind: 'step' }>).step)).not.toContain(
      'endpointPicture',
    );
  });

  it('ends a cancelled draw after the evaluation under way; the next one in the queue runs', async () => {
    const abort = new AbortController();
    let steps = 0;
    const cancelled = service.draw(
      { ...manySteps, stepCount: 50 },
      {
        signal: abort.signal,
        onEvent: ({ kind }) => {
          if (kind === 'step') steps += 1;
        },
      },
    );
    const next = draw(oneStep);
    // A message, as in the worker: it must be let in between two steps.
    setTimeout(() => abort.abort(), 100);
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
    expect(steps).toBeLessThan(50);
    expect((await next).result.picture.width).toBe(64);
  });

  it('checks all that a model is loaded from, and loads anew what has other files now', async () => {
    await draw(oneStep);
    const model = (await service.models()).find(({ id }) => id === oneStep.model)!;
    checked.length = 0;
    changed.push(model.components.unet);
    const { events } = await draw(oneStep);
    const parts = events.flatMap((event) => (event.kind === 'loading' ? [event.progress.part] : []));
    expect([...new Set(parts)]).toEqual(['network']);
    expect(checked).toEqual(expect.arrayContaining(Object.values(model.components)));
    const { loaded } = (await draw(oneStep)).result;
    const { text_encoder, unet, vae } = model.components;
    expect(loaded.map(({ folder }) => folder)).toEqual(expect.arrayContaining([text_encoder, unet, vae]));
    expect(loaded.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true);
    changed.push(model.components.unet);
    await service.models();
    expect((await draw(oneStep)).kinds).toContain('loading');
    expect((await draw(oneStep)).kinds).not.toContain('loading');
  });

  it('counts tokens and tells what was cut off', async () => {
    expect(await service.countTokens(oneStep.model, '')).toEqual({ tokenCount: 2, limit: 77, truncated: '' });
    const { tokenCount, truncated } = await service.countTokens(oneStep.model, 'apple '.repeat(1000));
    expect(tokenCount).toBeGreaterThan(77);
    expect(truncated.length).toBeGreaterThan(1000);
  });

  it('names what is wrong with a request', async () => {
    await expect(draw({ ...oneStep, model: 'no-such' })).rejects.toMatchObject({
      code: 'argument-invalid',
      wanted: expect.stringContaining(oneStep.model),
    });
    await expect(draw({ ...oneStep, width: 63 })).rejects.toMatchObject({ code: 'argument-invalid' });
  });
});
