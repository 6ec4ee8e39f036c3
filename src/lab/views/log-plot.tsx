/** Measures by round or by number of steps, on a logarithmic axis. */
import type { ReactNode } from 'react';
import { decadesAround, decadeTicks, shareOf } from '../drawing/log-axis.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Tells series apart without colour: solid, dashed, dotted. */
  readonly stroke: 'first' | 'second' | 'third';
}

interface LogPlotProps {
  /** In words, with the numbers that matter. */
  readonly label: string;
  readonly series: readonly Series[];
  /** Where x stands, in order; equally far apart. */
  readonly columns: readonly number[];
  readonly columnName: string;
  /** Nothing below this can be told apart. */
  readonly floor: number;
}

const [width, height, left, right, top, bottom] = [340, 196, 48, 12, 10, 34];

export function LogPlot({ label, series, columns, columnName, floor }: LogPlotProps): ReactNode {
  const axis = decadesAround(
    series.flatMap(({ points }) => points.map(([, y]) => y)),
    floor,
  );
  const x = (column: number): number =>
    left + ((columns.indexOf(column) + 0.5) / columns.length) * (width - left - right);
  const y = (value: number): number => top + (1 - shareOf(axis, value)) * (height - top - bottom);
  return (
    <div className="log-plot">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {decadeTicks(axis).map((tick) => (
          <g key={tick}>
            <path className="plot-grid" d={`M${left} ${y(tick)}H${width - right}`} />
            <text x={left - 8} y={y(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {columns.map((column) => (
          <text key={column} x={x(column)} y={height - 18} textAnchor="middle">
            {column}
          </text>
        ))}
        <text x={(left + width - right) / 2} y={height - 3} textAnchor="middle">
          {columnName}
        </text>
        {series.map(({ name, points, stroke }) => (
          <g key={name} className="plot-series" data-stroke={stroke}>
            <path d={points.map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('')} />
            {points.map(([at, value]) => (
              <circle key={at} cx={x(at)} cy={y(value)} r={2.5} />
            ))}
          </g>
        ))}
      </svg>
      {series.length > 1 && (
        <p className="log-legend">
          {series.map(({ name, stroke }) => (
            <span key={name} data-stroke={stroke}>
              <svg viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
                <path d="M0 3H22" />
              </svg>
              {name}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
