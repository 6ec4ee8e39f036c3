import { describe, expect, it } from 'vitest';
import { doneSide, drawResult, noiseEvent, picture, request, runningSide } from '../test/sample-runs.ts';
import {
  cancelSide,
  failSide,
  finishSide,
  idleSide,
  latestPicture,
  queueSide,
  receiveEvent,
  startSide,
} from './side.ts';

describe('a side', () => {
  it('goes from idle over its stages to done', () => {
    let side = queueSide(idleSide, request({ stepCount: 1 }));
    expect([side.status, side.stage]).toEqual(['running', 'queued']);
    side = startSide(side);
    expect(side.stage).toBe('starting');
    side = receiveEvent(
      side,
      { kind: 'loading', progress: { model: 'm', part: 'network', loadedBytes: 1, totalBytes: 2 } },
      0,
    );
    expect([side.stage, side.loading?.part]).toEqual(['loading', 'network']);
    side = receiveEvent(side, { kind: 'text' }, 5);
    expect(side.stage).toBe('text');
    side = receiveEvent(side, noiseEvent, 10);
    expect([side.stage, side.steppingSinceMs]).toEqual(['steps', 10]);
    side = receiveEvent(side, { kind: 'decode' }, 20);
    expect(side.stage).toBe('decode');
    side = finishSide(side, drawResult());
    expect([side.status, side.error]).toEqual(['done', null]);
  });

  it('knows when stepping began even without previews', () => {
    const step = runningSide(1).steps[0]!;
    const side = receiveEvent(startSide(queueSide(idleSide, request())), { kind: 'step', step }, 100);
    expect(side.steppingSinceMs).toBe(100 - step.milliseconds);
  });

  it('keeps the last picture to stand in for the next', () => {
    const side = queueSide(doneSide(), request({ seed: 8 }));
    expect(side.previous).toEqual(picture(255));
    expect(latestPicture(side)).toEqual(picture(255));
    expect(side.result).toBeNull();
  });

  it('shows the latest predicted end point while drawing, and the noise before', () => {
    expect(latestPicture(runningSide(0))).toEqual(picture(1));
    expect(latestPicture(runningSide(3))).toEqual(picture(202));
  });

  it('is idle after a cancel and keeps its frames; a finished one stays', () => {
    const stopped = cancelSide(runningSide(2));
    expect([stopped.status, stopped.stopped, stopped.steps.length]).toEqual(['idle', true, 2]);
    const done = doneSide();
    expect(cancelSide(done)).toBe(done);
  });

  it('keeps its frames after an error', () => {
    const side = failSide(runningSide(2), { code: 'out-of-memory', message: 'No.' });
    expect([side.status, side.error?.code, side.steps.length]).toEqual(['error', 'out-of-memory', 2]);
  });
});
