import { describe, expect, it } from 'vitest';
import { backendReport, manyStepModel, oneStepModel, strangerModel } from '../test/sample-runs.ts';
import { comparedModels, isDegraded, isEngineFailure } from './engine.ts';

describe('the pair that is compared', () => {
  it('is a one-step model and a many-step one of its lineage', () => {
    const { a, b } = comparedModels([strangerModel, manyStepModel, oneStepModel]);
    expect([a?.id, b?.id]).toEqual(['one', 'many']);
  });

  it('takes what there is', () => {
    expect(comparedModels([manyStepModel]).a?.id).toBe('many');
    expect(comparedModels([oneStepModel]).b?.id).toBe('one');
    expect(comparedModels([])).toEqual({ a: null, b: null });
  });
});

describe('engine conditions', () => {
  it('tells failures of the engine from those of a picture', () => {
    expect(isEngineFailure({ code: 'backend-lost', message: '' })).toBe(true);
    expect(isEngineFailure({ code: 'out-of-memory', message: '' })).toBe(false);
  });

  it('is degraded when a better backend was passed over', () => {
    expect(isDegraded(null)).toBe(false);
    expect(isDegraded(backendReport())).toBe(false);
    expect(isDegraded(backendReport({ fallback: 'No WebGPU here.' }))).toBe(true);
  });
});
