import { describe, expect, it } from 'vitest';
import { manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { presetOfSettings, presetsOf, sidesWith } from './presets.ts';
import { defaultSettings } from './settings.ts';

const flow = { ...manyStepModel, sampler: 'rectified-flow' };
const instaflow = { ...oneStepModel, id: 'instaflow-nano' };
const reflowed = { ...flow, id: '2-rf-nano' };
const sd = { ...manyStepModel, id: 'sd-nano' };
const distilled = { ...oneStepModel, id: 'sd-distill-nano' };

describe('presets', () => {
  it('are the comparisons whose models are there', () => {
    expect(presetsOf([])).toEqual([]);
    expect(presetsOf([instaflow, reflowed]).map(({ name }) => name)).toEqual([
      'InstaFlow, 1 step, and 2-RF, 25 steps',
      '2-RF in 1 step and in 25',
    ]);
    expect(presetsOf([distilled]).length).toBe(0);
    expect(
      presetsOf([instaflow, reflowed, sd, distilled]).map(({ sides: { a, b } }) => [a, b]),
    ).toContainEqual([
      { model: 'instaflow-nano', sampler: null, steps: 1, guidance: null, adapters: [], decoding: 'full' },
      {
        model: 'sd-nano',
        sampler: 'dpm-solver-multistep',
        steps: 25,
        guidance: null,
        adapters: [],
        decoding: 'full',
      },
    ]);
  });

  it('stay within a lineage, which is named where there are several', () => {
    const other = { ...reflowed, id: '2-rf', lineage: 'sd-1.5' };
    const names = presetsOf([instaflow, reflowed, other]).map(({ name }) => name);
    expect(names).toEqual([
      'InstaFlow, 1 step, and 2-RF, 25 steps (nano)',
      '2-RF in 1 step and in 25 (nano)',
      '2-RF in 1 step and in 25 (sd-1.5)',
    ]);
  });

  it('are what a model that has just come is used in, else it is compared with itself', () => {
    const { sides } = defaultSettings;
    const known = [instaflow, reflowed];
    expect(sidesWith(reflowed, known, sides)).toMatchObject({
      a: { model: 'instaflow-nano', steps: 1 },
      b: { model: '2-rf-nano', steps: 25 },
    });
    const own = { ...flow, id: 'folder-1:own', lineage: 'folder-1' };
    const { minimum, initial } = own.steps;
    expect(minimum).toBeLessThan(initial);
    expect(sidesWith(own, [...known, own], sides)).toMatchObject({
      a: { model: own.id, steps: minimum },
      b: { model: own.id, steps: initial },
    });
    const alone = { ...instaflow, id: 'instaflow-0.9b', lineage: 'sd-1.5' };
    const beside = sidesWith(alone, [...known, alone], sides);
    expect([beside.a.model, beside.b]).toEqual([alone.id, sides.b]);
  });

  it('are recognised in the settings, the untouched ones included', () => {
    const presets = presetsOf([instaflow, reflowed]);
    const models = { a: instaflow, b: reflowed };
    expect(presetOfSettings(presets, defaultSettings, models)?.id).toBe(presets[0]?.id);
    const sides = { ...defaultSettings.sides, b: { ...defaultSettings.sides.b, steps: 8 } };
    expect(presetOfSettings(presets, { ...defaultSettings, sides }, models)).toBeNull();
  });
});
