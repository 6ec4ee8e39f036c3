import { describe, expect, it } from 'vitest';
import { planSide } from '../state/draw-plan.ts';
import { defaultSettings } from '../state/settings.ts';
import { manyStepModel, oneStepModel, request } from '../test/sample-runs.ts';
import { settingsOf } from './picture-settings.ts';
import { restoreSettings } from './restore-settings.ts';
import { formatSettingsText, parseSettingsText } from './settings-text.ts';

const models = [oneStepModel, manyStepModel];
const restore = (text: string) => restoreSettings(defaultSettings, parseSettingsText(text)!, models);

describe('settings from a file', () => {
  it('draw the same request again', () => {
    const drawn = request({
      negativePrompt: 'blurry',
      prompt: 'an owl, at night',
      seed: 2 ** 53 - 1,
      guidanceScale: 1.25,
      sampler: 'ddim',
      seedBlend: { seed: 3, weight: 0.5 },
      promptBlend: { prompt: 'a fox: red', weight: 0.25 },
    });
    const { settings, side, missing } = restore(formatSettingsText(settingsOf(drawn), 'InstaFlow Studio'));
    expect([side, missing]).toEqual(['b', []]);
    expect(planSide(settings, side, manyStepModel)).toEqual(drawn);
  });

  it('of one step are side A, whose neighbour stays as it was', () => {
    const { settings, side } = restore('a fox\nSteps: 1, Seed: 5, CFG scale: 1, Model: one');
    expect(side).toBe('a');
    expect(settings).toMatchObject({ prompt: 'a fox', seed: 5, sides: { a: { model: 'one', steps: 1 } } });
    expect(settings.sides.b).toEqual(defaultSettings.sides.b);
  });

  it('end an earlier blend', () => {
    const blended = { ...defaultSettings, seedBlend: { seed: 9, weight: 0.5 } };
    const read = parseSettingsText('a fox\nSteps: 4, Seed: 5, Model: many')!;
    expect(restoreSettings(blended, read, models).settings.seedBlend.weight).toBe(0);
  });

  it("of another program say what isn't here", () => {
    const { settings, missing } = restore(
      'a fox\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 5, Size: 512x512, Model: v1-5',
    );
    expect(settings.sides.b).toEqual({ ...defaultSettings.sides.b, steps: 20, guidance: 7 });
    expect(missing).toEqual([
      'It was drawn with the model “v1-5”, which is not here.',
      "Its sampler “DPM++ 2M Karras” is another program's; the model's own is used.",
    ]);
  });

  it('name a model before the catalogue is known', () => {
    const read = parseSettingsText('a fox\nSteps: 4, Seed: 5, Model: many')!;
    const { settings, missing } = restoreSettings(defaultSettings, read, []);
    expect([settings.sides.b.model, missing]).toEqual(['many', []]);
  });

  it('name the files that changed the weights: those that are here, and those that are not', () => {
    const drawn = request({ adapters: [{ id: 'painting.safetensors', strength: 0.5 }], decoding: 'fast' });
    const read = parseSettingsText(formatSettingsText(settingsOf(drawn), 'InstaFlow Studio'))!;
    const gone = restoreSettings(defaultSettings, read, models);
    expect(gone.settings.sides.b).toMatchObject({ adapters: [], decoding: 'fast' });
    expect(gone.missing).toEqual([
      'It was drawn with painting.safetensors, which is not here: add the file, then open the picture again.',
    ]);
    const summary = { kind: 'lora', parts: ['unet'], layers: 1, ranks: [4, 4] } as const;
    const present = [{ id: 'painting.safetensors', sizeBytes: 1, summary, original: null }];
    const { settings, missing } = restoreSettings(defaultSettings, read, models, undefined, present);
    expect([settings.sides.b.adapters, missing]).toEqual([drawn.adapters, []]);
  });

  it('say when the model does not draw the size', () => {
    expect(restore('a fox\nSteps: 4, Seed: 5, Size: 512x512, Model: Many').missing).toEqual([
      'Its size, 512 × 512, is none that many draws.',
    ]);
  });
});
