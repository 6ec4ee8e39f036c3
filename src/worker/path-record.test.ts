import { describe, expect, it } from 'vitest';
import { createPathRecord } from './path-record.ts';

const at = (time: number, ...values: number[]) => ({ time, pathLatents: Float32Array.from(values) });

describe('the record of a path', () => {
  it('measures a path under way as if it went straight on to its predicted end', () => {
    const path = createPathRecord();
    path.start(Float32Array.of(0, 0), 0);
    path.add(at(0.5, 1, 1));
    // Z_1 - Z_0 = (2, 0) so far, v = (2, 2): deviation 4 / 2 over 4 / 2; the rest has v = (2, -2), the same.
    expect(path.straightness(Float32Array.of(2, 0))).toEqual({ starts: [0], deviations: [1], mean: 1 });
    // Had it predicted (2, 2), it would have been straight.
    expect(path.straightness(Float32Array.of(2, 2))).toEqual({ starts: [0], deviations: [0], mean: 0 });
    path.add(at(1, 2, 0));
    const whole = { starts: [0, 0.5], deviations: [1, 1], mean: 1 };
    expect(path.straightness(Float32Array.of(9, 9))).toEqual(whole);
    expect(path.straightness()).toEqual(whole);
  });

  it('keeps copies: the pipeline may reuse its arrays', () => {
    const reused = Float32Array.of(0);
    const path = createPathRecord();
    path.start(reused, 0);
    reused[0] = 1;
    path.add({ time: 0.5, pathLatents: reused });
    reused[0] = 2;
    path.add({ time: 1, pathLatents: reused });
    expect(path.straightness()).toMatchObject({ deviations: [0, 0] });
  });

  it('starts where the path does', () => {
    const path = createPathRecord();
    path.start(Float32Array.of(0), 0.2);
    path.add(at(0.6, 1));
    path.add(at(1, 2));
    expect(path.straightness()).toMatchObject({ starts: [0, expect.closeTo(0.5)], mean: expect.closeTo(0) });
  });
});
