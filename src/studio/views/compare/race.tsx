/** Measured time: two bars on one axis of seconds. Equal length is equal time; nothing is eased. */
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react';
import type { DrawResult } from '../../../worker/protocol.ts';
import { axisTicks } from '../../plots/time-axis.ts';
import { compareTimes } from '../../state/comparison.ts';
import { type SideName, type SideRun, sideNames } from '../../state/side.ts';
import { backendText, resultPrecisionText } from '../../words/engine-words.ts';
import { numberOfMilliseconds, ratioText, remainingText, secondsText } from '../../words/measures.ts';
import { remainingMs, stageText, stepPaceMs, stepText } from '../../words/progress-words.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { useStudio } from '../studio-context.tsx';

interface Segment {
  readonly stage: 'text' | 'step' | 'decode';
  readonly milliseconds: number;
}

interface Bar {
  readonly segments: readonly Segment[];
  /** Measured so far. */
  readonly totalMs: number;
  /** What the whole will take at this pace; equals `totalMs` when finished. */
  readonly expectedMs: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function finishedBar({ timings }: DrawResult): Bar {
  const segments: Segment[] = [
    { stage: 'text', milliseconds: timings.textMs },
    ...timings.stepMs.map((milliseconds) => ({ stage: 'step' as const, milliseconds })),
    { stage: 'decode', milliseconds: timings.decodeMs },
  ];
  return { segments, totalMs: timings.totalMs, expectedMs: timings.totalMs };
}

/** Bars of a run under way hold what was measured; text and decode come with the result. */
function barOf(run: SideRun): Bar {
  if (run.result !== null && run.status !== 'running') return finishedBar(run.result);
  const segments = run.steps.map(({ milliseconds }) => ({ stage: 'step' as const, milliseconds }));
  const totalMs = sum(segments.map(({ milliseconds }) => milliseconds));
  const count = run.request?.stepCount ?? 0;
  const expectedMs = segments.length === 0 ? 0 : (totalMs / segments.length) * count;
  return { segments, totalMs, expectedMs };
}

function stagesText({ timings, cold }: DrawResult): string {
  const steps = timings.stepMs.length;
  const network = sum(timings.stepMs);
  const times = steps > 1 ? `${steps} × ` : '';
  const [text, each, decode] = [timings.textMs, network / steps, timings.decodeMs].map(numberOfMilliseconds);
  return `text ${text}, network ${times}${each}, decode ${decode} ms${cold ? ', cold' : ''}`;
}

function Lane({ side, run, axisMs }: { side: SideName; run: SideRun; axisMs: number }): ReactNode {
  const { segments, totalMs, expectedMs } = barOf(run);
  const width = (milliseconds: number): CSSProperties => ({
    inlineSize: `${(100 * milliseconds) / axisMs}%`,
  });
  const pace = stepPaceMs(run);
  const moving = run.status === 'running' && run.stage === 'steps' && pace !== null;
  const count = run.request?.stepCount ?? 0;
  const stepMs = segments.length === 0 ? 0 : totalMs / segments.length;
  const measured = segments.length > 0;
  return (
    <>
      <span className="lane-time">
        <SideBadge side={side} />
        <span className="visually-hidden">Side {side.toUpperCase()}: </span>
        {measured ? secondsText(totalMs) : '–'}
        {measured && <small>s</small>}
      </span>
      <div className="lane" data-side={side}>
        <div className="bar" style={width(Math.max(expectedMs, totalMs))}>
          {segments.map((segment, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: evaluations have no other identity than their order
            <i key={i} data-stage={segment.stage} style={{ flexGrow: segment.milliseconds }} />
          ))}
          {run.status !== 'done' && measured && segments.length < count && (
            <i className="ghost" style={{ flexGrow: (count - segments.length) * stepMs }}>
              {moving && (
                <i
                  key={segments.length}
                  className="filling"
                  style={{
                    inlineSize: `${100 / (count - segments.length)}%`,
                    animationDuration: `${pace}ms`,
                  }}
                />
              )}
            </i>
          )}
        </div>
        <span className="lane-note">
          {run.result !== null && run.status === 'done' && stagesText(run.result)}
        </span>
      </div>
    </>
  );
}

/** The clock, re-read while something runs, for the time left. */
function useClock(running: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

function Progress({ side, run }: { side: SideName; run: SideRun }): ReactNode {
  const now = useClock(true);
  const left = remainingMs(run, now);
  const name = side.toUpperCase();
  if (left === null || run.stage === 'decode') return <p>{`${name}: ${stageText(run)}`}</p>;
  return (
    <>
      <p>
        left on {name},<br /> {stepText(run)}
      </p>
      <b>{remainingText(left)}</b>
    </>
  );
}

function Outcome(): ReactNode {
  const a = useStudio((state) => state.sides.a);
  const b = useStudio((state) => state.sides.b);
  const running = useStudio((state) => state.run !== null);
  const starting = useStudio((state) => state.engine.status === 'starting');
  if (running && starting) return <p>Starting the engine</p>;
  const active = sideNames.find((name) => ({ a, b })[name].status === 'running');
  if (running && active !== undefined) return <Progress side={active} run={active === 'a' ? a : b} />;
  const comparison = compareTimes(a, b);
  if (comparison.kind === 'none') return <p>{comparison.reason}</p>;
  const result = b.result ?? a.result;
  return (
    <>
      <p>
        {comparison.faster.toUpperCase()} is faster, one run each,
        <br /> text left out, {comparison.temperature}, <br />
        {result && `${backendText(result.backend)} ${resultPrecisionText(result)}`}
      </p>
      <b>{ratioText(comparison.factor)}</b>
    </>
  );
}

export function Race(): ReactNode {
  const a = useStudio((state) => state.sides.a);
  const b = useStudio((state) => state.sides.b);
  const axisMs = Math.max(barOf(a).expectedMs, barOf(b).expectedMs, 1);
  const empty = axisMs === 1;
  const ticks = empty ? [0] : axisTicks(axisMs / 1000, 4);
  return (
    <section className="race" aria-label="Measured time">
      <div className="lanes">
        <Lane side="a" run={a} axisMs={axisMs} />
        <Lane side="b" run={b} axisMs={axisMs} />
        <div className="seconds" aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} style={{ insetInlineStart: `${(100_000 * tick) / axisMs}%` }}>
              {tick} s
            </span>
          ))}
        </div>
      </div>
      <div className="outcome">
        <Outcome />
      </div>
    </section>
  );
}
