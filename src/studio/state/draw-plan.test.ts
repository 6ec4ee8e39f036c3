import { describe, expect, it } from 'vitest';
import { doneSide, manyStepModel, oneStepModel, request } from '../test/sample-runs.ts';
import { blockingField, guidanceOf, planDraw, requestKey, reusableRun } from './draw-plan.ts';
import { defaultSettings } from './settings.ts';
import { idleSide } from './side.ts';

const models = { a: oneStepModel, b: manyStepModel };

describe('the plan of a draw', () => {
  it('gives both sides one prompt, seed and size', () => {
    const { a, b } = planDraw({ ...defaultSettings, prompt: 'an owl', seed: 3, steps: 8 }, models);
    expect(a).toMatchObject({
      model: 'one',
      prompt: 'an owl',
      seed: 3,
      stepCount: 1,
      guidanceScale: 1,
      width: 64,
    });
    expect(b).toMatchObject({
      model: 'many',
      prompt: 'an owl',
      seed: 3,
      stepCount: 8,
      guidanceScale: 2.5,
      width: 64,
    });
  });

  it('takes guidance from the reader, within what the model takes', () => {
    expect(guidanceOf({ ...defaultSettings, guidance: 1.5 }, manyStepModel)).toBe(1.5);
    expect(guidanceOf({ ...defaultSettings, guidance: 12 }, manyStepModel)).toBe(5);
    expect(guidanceOf({ ...defaultSettings, guidance: 3 }, oneStepModel)).toBe(1);
  });

  it('names the field that has to be put right first', () => {
    expect(blockingField(defaultSettings)).toBeNull();
    expect(blockingField({ ...defaultSettings, steps: 60 })).toBe('steps');
    expect(blockingField({ ...defaultSettings, seed: Number.NaN })).toBe('seed');
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
    ].map((change) => requestKey(request(change)));
    expect(new Set(keys).size).toBe(keys.length);
    expect(requestKey(request({ previews: false }))).toBe(requestKey(request()));
    expect(requestKey(request({ negativePrompt: '' }))).toBe(requestKey(request()));
  });
});

describe('an earlier run on side A', () => {
  const plan = planDraw(defaultSettings, models);
  const shownBefore = { ...doneSide(), request: { ...plan.b, stepCount: 8 } };

  it('stands in when only side B changed', () => {
    const earlier = doneSide();
    expect(reusableRun(plan, earlier, shownBefore)).toBe(earlier);
  });

  it('does not when nothing changed: Draw then measures again', () => {
    expect(reusableRun(plan, doneSide(), { ...doneSide(), request: plan.b })).toBeNull();
  });

  it('does not when it ran cold, was never drawn, or did not finish', () => {
    expect(reusableRun(plan, doneSide({ cold: true }), shownBefore)).toBeNull();
    expect(reusableRun(plan, undefined, shownBefore)).toBeNull();
    expect(reusableRun(plan, idleSide, shownBefore)).toBeNull();
  });
});
