import { describe, expect, it } from 'vitest';
import { idleSide } from '../state/side.ts';
import { chartOf, initialTraces } from '../state/trajectory-chart.ts';
import { doneSide, runningSide } from '../test/sample-runs.ts';
import { chartDescription, chartNumber, straightnessOf } from './chart-words.ts';

describe('straightness in words', () => {
  it('says what is known of it', () => {
    expect(straightnessOf(idleSide)).toBe('');
    expect(straightnessOf(runningSide(2))).toBe('S ≈ 0.100 so far');
    expect(straightnessOf(doneSide())).toBe('S = 0.100');
    expect(straightnessOf(doneSide({}, { stepCount: 1 }))).toBe('S = 0 by definition');
  });
});

describe('a chart in words', () => {
  it('is told with what was measured', () => {
    const sides = { a: idleSide, b: doneSide() };
    expect(chartDescription(chartOf(sides, initialTraces), sides)).toBe(
      'Deviation against time, side B S = 0.100',
    );
    const none = { a: idleSide, b: idleSide };
    expect(chartDescription(chartOf(none, initialTraces), none)).toBe('Deviation: nothing measured yet');
  });

  it('has numbers with the digits that carry', () => {
    expect(chartNumber({ plot: 'latents' }, -0.123)).toBe('−0.12');
    expect(chartNumber({ plot: 'pixels' }, 200.4)).toBe('200');
    expect(chartNumber({ plot: 'deviation' }, 0.0004)).toBe('0.0004');
  });
});
