import { describe, expect, it } from 'vitest';
import { manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { changeSide, defaultSettings } from './settings.ts';
import { guidanceOf, missingModel, modelOfSide, namedModels, sizeOf } from './side-models.ts';
import { initialStudio } from './studio.ts';

const studio = (settings = defaultSettings) => {
  const initial = initialStudio(settings, 'auto');
  return { ...initial, engine: { ...initial.engine, models: [oneStepModel, manyStepModel] } };
};

describe('the model of a side', () => {
  it('is that of the default pair until another is chosen', () => {
    expect(modelOfSide(studio(), 'a')?.id).toBe('one');
    expect(modelOfSide(studio(changeSide(defaultSettings, 'a', { model: 'many' })), 'a')?.id).toBe('many');
  });

  it('stands in for one that the catalogue lacks, which is told', () => {
    const state = studio(changeSide(defaultSettings, 'b', { model: 'elsewhere' }));
    expect([modelOfSide(state, 'b')?.id, missingModel(state, 'b'), missingModel(state, 'a')]).toEqual([
      'many',
      'elsewhere',
      null,
    ]);
  });

  it('is named for links', () => {
    const named = namedModels(defaultSettings, { a: oneStepModel, b: manyStepModel });
    expect([named.sides.a.model, named.sides.b.model]).toEqual(['one', 'many']);
  });

  it('limits guidance and size', () => {
    const side = defaultSettings.sides.b;
    expect(guidanceOf({ ...side, guidance: 1.5 }, manyStepModel)).toBe(1.5);
    expect(guidanceOf({ ...side, guidance: 12 }, manyStepModel)).toBe(5);
    expect(guidanceOf({ ...side, guidance: 3 }, oneStepModel)).toBe(1);
    expect(sizeOf({ size: [512, 512] }, manyStepModel)).toEqual([64, 64]);
  });
});
