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
