import { describe, expect, it } from 'vitest';
import { couple, pairDraw } from './coupling.ts';
import { lineCrossings, pathCrossings } from './crossings.ts';
import { type Distribution, presetNames, samplePoints } from './distributions.ts';
import { energyDistanceTo } from './energy-distance.ts';
import { meanMiss, straightnessOf, transportCost } from './pair-measures.ts';
import { createRandom } from './random.ts';
import { endOf, followFlow } from './velocity.ts';

const points = (...values: number[]): Float32Array => Float32Array.from(values);
const preset = (name: (typeof presetNames)[number]): Distribution => ({ kind: 'preset', name });

describe('crossings', () => {
  it('counts the lines of an X once and parallel ones not at all', () => {
    const starts = points(0, 0, 0, 1, 0, 2);
    expect(lineCrossings({ starts, ends: points(1, 1, 1, 0, 1, 2) }, 3)).toBe(1);
    expect(lineCrossings({ starts, ends: points(1, 0, 1, 1, 1, 2) }, 3)).toBe(0);
    expect(lineCrossings({ starts, ends: points(1, 2, 1, 1, 1, 0) }, 3)).toBe(3);
  });

  it('counts only the first paths, and every pair of paths once however often they meet', () => {
    const zigzag = [points(0, 0, 0, 1), points(1, 1, 1, 0), points(2, 0, 2, 1)];
    expect(pathCrossings({ states: zigzag, times: [0, 0.5, 1] }, 2, 1)).toBe(1);
    expect(pathCrossings({ states: zigzag, times: [0, 0.5, 1] }, 1, 1)).toBe(0);
  });
});

describe('straightness and cost', () => {
  it('a constant velocity is straight; a turn is not', () => {
    const straight = followFlow((z) => z.map((_, i) => (i % 2 === 0 ? 3 : 4)), points(0, 0, 1, 1), 10);
    expect(straightnessOf(straight)).toBeCloseTo(0, 9);
    expect(transportCost({ starts: straight.states[0]!, ends: endOf(straight) })).toBeCloseTo(25, 3);
    expect(meanMiss(straight.states[0]!, endOf(straight))).toBeCloseTo(5, 4);
    // v = (2, 0) and then (0, 2): Z_1 - Z_0 = (1, 1), so ‖(1, 1) - v‖² = 2 throughout.
    const turn = followFlow((z, t) => z.map((_, i) => ((i % 2 === 0) === t < 0.5 ? 2 : 0)), points(0, 0), 10);
    expect(straightnessOf(turn)).toBeCloseTo(2, 5);
  });

  it('the way back undoes the way there where the velocity is constant', () => {
    const velocity = (z: Float32Array): Float32Array => z.map((_, i) => (i % 2 === 0 ? 1 : -2));
    const back = followFlow(velocity, points(1, 1), 4, 'backward');
    expect([...endOf(back)]).toEqual([0, 3]);
    expect(back.times).toEqual([1, 0.75, 0.5, 0.25, 0]);
  });
});

describe('energy distance', () => {
  it('is twice the distance between two points’ crowds, less their own spread', () => {
    // X = 0 or 2, Y = 10 or 12 on a line: 2 · 10 - 2 · 2 without bias.
    expect(energyDistanceTo(points(10, 0, 12, 0))(points(0, 0, 2, 0))).toBeCloseTo(16, 6);
  });

  it('tells distributions apart, and two samples of one hardly', () => {
    for (const name of presetNames) {
      const [a, b] = [1, 2].map((stream) => samplePoints(preset(name), 1000, createRandom(5, stream)).points);
      const other = presetNames[(presetNames.indexOf(name) + 1) % presetNames.length]!;
      const c = samplePoints(preset(other), 1000, createRandom(5, 3)).points;
      const same = energyDistanceTo(a!)(b!);
      expect(Math.abs(same), name).toBeLessThan(0.008);
      expect(energyDistanceTo(a!)(c), name).toBeGreaterThan(0.012);
    }
  });
});

describe('couplings', () => {
  const starts = samplePoints(preset('left-blobs'), 200, createRandom(7, 0));
  const ends = samplePoints(preset('right-blobs'), 200, createRandom(7, 1));

  it('a given coupling pairs by order and keeps both samples', () => {
    const { ends: paired } = couple('given', starts, ends);
    const sorted = (values: Float32Array): number[] => [...values].sort((a, b) => a - b);
    expect(sorted(paired)).toEqual(sorted(ends.points));
    // The blobs on the right are counted from below: what starts above ends below, with few exceptions.
    const swapped = Array.from({ length: 200 }, (_, i) => starts.points[2 * i + 1]! * paired[2 * i + 1]! < 0);
    expect(swapped.filter(Boolean).length).toBeGreaterThan(180);
  });

  it('an independent one draws any pair, others their own alone', () => {
    const random = createRandom(7, 2);
    const independent = Array.from({ length: 50 }, () => pairDraw(200, true)(random));
    expect(independent.some(([from, to]) => from !== to)).toBe(true);
    const own = Array.from({ length: 50 }, () => pairDraw(200, false)(random));
    expect(own.every(([from, to]) => from === to)).toBe(true);
  });
});

describe('drawn strokes', () => {
  it('are drawn from by length, a dot too', () => {
    const drawn: Distribution = {
      kind: 'drawn',
      strokes: [
        [-2, 0, 0, 0],
        [2, 2],
      ],
    };
    const { points: found, order } = samplePoints(drawn, 2000, createRandom(1, 0));
    const onDot = Array.from({ length: 2000 }, (_, i) => found[2 * i]! > 1).filter(Boolean).length;
    // The dot counts as 0.3 of 2.3.
    expect(onDot / 2000).toBeCloseTo(0.3 / 2.3, 1);
    expect(order.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('refuses to draw from nothing', () => {
    expect(() => samplePoints({ kind: 'drawn', strokes: [] }, 1, createRandom(1, 0))).toThrow(RangeError);
  });
});
