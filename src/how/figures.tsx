/** The page's drawings: paths from noise to picture, as lines and nothing else. */
import type { ReactNode } from 'react';

interface Point {
  readonly x: number;
  readonly y: number;
}

const pathOf = (points: readonly Point[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** A quadratic Bézier curve, sampled. */
function curve(from: Point, control: Point, to: Point): readonly Point[] {
  return Array.from({ length: 41 }, (_, i) => {
    const t = i / 40;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return { x: a * from.x + b * control.x + c * to.x, y: a * from.y + b * control.y + c * to.y };
  });
}

/** One Euler step over the whole time: along the curve's velocity at its start, 2 (control - from). */
const eulerEnd = (from: Point, control: Point): Point => ({
  x: from.x + 2 * (control.x - from.x),
  y: from.y + 2 * (control.y - from.y),
});

const Noise = ({ x, y }: Point): ReactNode => <circle className="noise" cx={x} cy={y} r="5" />;
const Picture = ({ x, y }: Point): ReactNode => (
  <rect className="picture-mark" x={x - 5} y={y - 5} width="10" height="10" />
);

function Path({
  from,
  control,
  to,
  side,
}: {
  from: Point;
  control: Point;
  to: Point;
  side: 'a' | 'b';
}): ReactNode {
  const end = eulerEnd(from, control);
  return (
    <g data-side={side}>
      <path className="chord" d={pathOf([from, to])} />
      <path className="flow" d={pathOf(curve(from, control, to))} />
      <path className="euler" d={pathOf([from, end])} />
      <path className="euler-end" d={`M${end.x - 8} ${end.y - 8}l16 16m0 -16l-16 16`} />
      <Noise {...from} />
      <Picture {...to} />
    </g>
  );
}

/** One Euler step along a curved path and along a straight one. */
export function EulerFigure(): ReactNode {
  const [from, to] = [
    { x: 24, y: 128 },
    { x: 236, y: 60 },
  ];
  const shift = ({ x, y }: Point): Point => ({ x: x + 300, y });
  const straight = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  return (
    <figure>
      <svg viewBox="0 0 560 168" role="img" aria-labelledby="euler-title">
        <title id="euler-title">
          One step along the first direction of a curved path misses its end; along a straight path it arrives
        </title>
        <Path from={from} control={{ x: 112, y: 74 }} to={to} side="b" />
        <Path from={shift(from)} control={shift(straight)} to={shift(to)} side="a" />
        <text x="24" y="160">
          curved: one step misses
        </text>
        <text x="324" y="160">
          straight: one step arrives
        </text>
      </svg>
      <figcaption>
        Circle: noise. Square: where the path ends. Cross: where one Euler step from the noise ends.
      </figcaption>
    </figure>
  );
}

const noises: readonly Point[] = [
  { x: 16, y: 24 },
  { x: 16, y: 64 },
  { x: 16, y: 104 },
];
const pictures: readonly Point[] = noises.map(({ y }) => ({ x: 144, y }));
const crossed = [2, 0, 1];

function Panel({ x, title, children }: { x: number; title: string; children: ReactNode }): ReactNode {
  return (
    <g transform={`translate(${x} 0)`}>
      {children}
      {noises.map((point) => (
        <Noise key={point.y} {...point} />
      ))}
      {pictures.map((point) => (
        <Picture key={point.y} {...point} />
      ))}
      <text x="16" y="136">
        {title}
      </text>
    </g>
  );
}

/** Chance pairs cross; the flow that is learned from them may not; its own pairs are nearly straight. */
export function ReflowFigure(): ReactNode {
  return (
    <figure>
      <svg viewBox="0 0 560 144" role="img" aria-labelledby="reflow-title">
        <title id="reflow-title">
          Lines between chance pairs cross. The flow learned from them bends instead. Lines between the pairs
          of the flow do not cross
        </title>
        <Panel x={0} title="chance pairs">
          {noises.map((from, i) => (
            <path key={from.y} className="chord" d={pathOf([from, pictures[crossed[i] ?? i] ?? from])} />
          ))}
        </Panel>
        <Panel x={200} title="the flow, v₁">
          <g data-side="b">
            {noises.map((from, i) => {
              const to = pictures[i] ?? from;
              // Towards the mean of all pictures at first: that is where the crossing lines point on average.
              const control = { x: 76, y: 64 + 0.1 * (to.y - 64) };
              return <path key={from.y} className="flow" d={pathOf(curve(from, control, to))} />;
            })}
          </g>
        </Panel>
        <Panel x={400} title="after reflow, v₂">
          <g data-side="a">
            {noises.map((from, i) => (
              <path key={from.y} className="flow" d={pathOf([from, pictures[i] ?? from])} />
            ))}
          </g>
        </Panel>
      </svg>
      <figcaption>
        Paths of a well-posed ODE can't cross: where lines of chance pairs do, the flow bends and pairs anew.
      </figcaption>
    </figure>
  );
}
