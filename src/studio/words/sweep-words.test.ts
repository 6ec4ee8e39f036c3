import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../state/settings.ts';
import type { SweepRow } from '../state/sweep.ts';
import { doneSide, manyStepModel, oneStepModel, request } from '../test/sample-runs.ts';
import {
  cellTimeText,
  firstMissingAtEnd,
  missingCellsText,
  rowNote,
  rowStraightness,
  similarityText,
} from './sweep-words.ts';

const row = (model: SweepRow['model'], taken: readonly boolean[]): SweepRow => ({
  model,
  side: { ...defaultSettings.sides.b, model: model.id },
  cells: taken.map((drawn, i) => ({
    stepCount: i + 1,
    request: drawn ? request({ model: model.id, stepCount: i + 1 }) : null,
    key: drawn ? `${i}` : '',
  })),
});

describe('the sweep in words', () => {
  it('names how a row is followed, once drawn also by a model that leaves it open', () => {
    const open = row(manyStepModel, [true]);
    expect(rowNote(open)).toBe('guidance 2.5');
    expect(rowNote(open, doneSide({ sampler: 'dpm-solver-multistep' }))).toBe('DPM-Solver++, guidance 2.5');
    expect(rowNote(row({ ...oneStepModel, sampler: 'rectified-flow' }, [true]))).toBe(
      'Euler on the flow, no guidance',
    );
  });

  it('says where a row ends, and why', () => {
    const short = row(oneStepModel, [true, false, false]);
    expect([firstMissingAtEnd(short), missingCellsText(short)]).toEqual([1, 'Takes exactly 1 step']);
    const late = row({ ...manyStepModel, steps: { minimum: 2, maximum: 50, initial: 4 } }, [false, true]);
    expect([firstMissingAtEnd(late), missingCellsText(late)]).toEqual([null, 'Takes 2 to 50 steps']);
    const whole = row(manyStepModel, [true, true]);
    expect([firstMissingAtEnd(whole), missingCellsText(whole)]).toEqual([null, '']);
  });

  it('tells times, straightness of longer paths, and likeness', () => {
    expect(cellTimeText(doneSide({ cold: true }))).toBe('0.060 s cold');
    expect(rowStraightness(doneSide())).toBe('S = 0.100');
    expect(rowStraightness(doneSide({ deviations: [0] }))).toBe('');
    expect(rowStraightness(undefined)).toBe('');
    expect([similarityText(0.914), similarityText(null)]).toEqual(['SSIM 0.91', '']);
  });
});
