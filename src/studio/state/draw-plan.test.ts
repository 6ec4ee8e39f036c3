import { describe, expect, it } from 'vitest';
import { doneSide, manyStepModel, oneStepModel, request } from '../test/sample-runs.ts';
import { blockingField, planDraw, requestKey, reusableRun } from './draw-plan.ts';
import { changeSide, defaultSettings } from './settings.ts';
import { idleSide } from './side.ts';

const models = { a: oneStepModel, b: manyStepModel };

describe('the plan of a draw', () => {
  it('gives both sides one prompt, seed and size, and each its own model and steps', () => {
    const settings = changeSide({ ...defaultSettings, prompt: 'an owl', seed: 3 }, 'b', { steps: 8 });
    const { a, b } = planDraw(settings, models);
    const shared = { prompt: 'an owl', seed: 3, width: 64, height: 64, previews: true };
    expect(a).toEqual({ ...shared, model: 'one', stepCount: 1, guidanceScale: 1 });
    expect(b).toEqual({ ...shared, model: 'many', stepCount: 8, guidanceScale: 2.5 });
  });

  it('takes sampler, steps and guidance of either side', () => {
    const settings = changeSide(defaultSettings, 'a', { sampler: 'ddim', steps: 4, guidance: 3 });
    const { a } = planDraw(settings, { a: manyStepModel, b: manyStepModel });
    expect(a).toMatchObject({ sampler: 'ddim', stepCount: 4, guidanceScale: 3 });
  });

  it('lets a one-step model take its one step, whatever the side asks for', () => {
    const settings = changeSide(defaultSettings, 'a', { steps: 12 });
    expect(planDraw(settings, models).a.stepCount).toBe(1);
    expect(blockingField(settings, models)).toBeNull();
  });

  it('carries the negative prompt where guidance acts only', () => {
    const { a, b } = planDraw({ ...defaultSettings, negativePrompt: 'blurry' }, models);
    expect([a.negativePrompt, b.negativePrompt]).toEqual([undefined, 'blurry']);
  });

  it('carries blends that have a weight, to both sides', () => {
    const promptBlend = { prompt: 'a fox', weight: 0.5 };
    const { a, b } = planDraw({ ...defaultSettings, promptBlend }, models);
    expect([a.promptBlend, b.promptBlend]).toEqual([promptBlend, promptBlend]);
    expect(a.seedBlend).toBeUndefined();
  });

  it('takes a size that the model has, else its first', () => {
    const large = { ...manyStepModel, sizes: [[512, 512] as const, [512, 768] as const] };
    const plan = planDraw({ ...defaultSettings, size: [512, 768] }, { a: oneStepModel, b: large });
    expect([plan.a.height, plan.b.height]).toEqual([64, 768]);
  });

  it('names the field that has to be put right first', () => {
    const unknown = { a: null, b: null };
    expect(blockingField(defaultSettings, models)).toBeNull();
    expect(blockingField(changeSide(defaultSettings, 'b', { steps: 60 }), models)).toBe('steps-b');
    expect(blockingField(changeSide(defaultSettings, 'a', { steps: 60 }), unknown)).toBe('steps-a');
    expect(blockingField({ ...defaultSettings, seed: Number.NaN }, unknown)).toBe('seed');
  });
});

describe('request keys', () => {
  it('differ with every setting that changes the picture, and with nothing else', () => {
    const keys = [
      {},
      { seed: 8 },
      { prompt: 'x' },
      { stepCount: 5 },
      { guidanceScale: 1 },
      { model: 'm' },
      { sampler: 'ddim' },
      { negativePrompt: 'x' },
      { promptBlend: { prompt: 'x', weight: 0.5 } },
      { promptBlend: { prompt: 'x', weight: 0.6 } },
      { seedBlend: { seed: 8, weight: 0.5 } },
    ].map((change) => requestKey(request(change)));
    expect(new Set(keys).size).toBe(keys.length);
    expect(requestKey(request({ previews: false }))).toBe(requestKey(request()));
    expect(requestKey(request({ negativePrompt: '' }))).toBe(requestKey(request()));
  });
});

describe('an earlier run of a side', () => {
  const plan = planDraw(defaultSettings, models);
  const run = (asked = {}) => ({ ...doneSide(), request: { ...plan.b, ...asked } });
  const drawnA = { ...doneSide(), request: plan.a };

  it('stands in when only the other side changed', () => {
    expect(reusableRun(plan, 'a', drawnA, { a: drawnA, b: run({ stepCount: 8 }) })).toBe(drawnA);
    expect(reusableRun(plan, 'b', run(), { a: run({ model: 'other' }), b: run() })).not.toBeNull();
  });

  it('does not when nothing or both changed: Draw then measures again', () => {
    expect(reusableRun(plan, 'a', drawnA, { a: drawnA, b: run() })).toBeNull();
    expect(reusableRun(plan, 'a', drawnA, { a: run(), b: run({ seed: 9 }) })).toBeNull();
  });

  it('does not when it ran cold, was never drawn, or did not finish', () => {
    const shown = { a: drawnA, b: run({ stepCount: 8 }) };
    expect(reusableRun(plan, 'a', { ...drawnA, result: doneSide({ cold: true }).result }, shown)).toBeNull();
    expect(reusableRun(plan, 'a', undefined, shown)).toBeNull();
    expect(reusableRun(plan, 'a', idleSide, shown)).toBeNull();
  });
});
