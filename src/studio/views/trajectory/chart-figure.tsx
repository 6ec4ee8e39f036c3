/** The chart as the page shows it. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { type ChartLook, drawChart } from '../../plots/draw-chart.ts';
import type { Chart } from '../../state/trajectory-chart.ts';

interface ChartFigureProps {
  readonly chart: Chart;
  readonly look: Omit<ChartLook, 'colours'>;
  /** What it shows, for those who don't see it. */
  readonly label: string;
}

const colours: ChartLook['colours'] = {
  a: 'var(--a)',
  b: 'var(--b)',
  label: 'var(--ink-3)',
  grid: 'var(--line)',
};

export function ChartFigure({ chart, look, label }: ChartFigureProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const { width, height, marginLeft, marginRight } = look;
  useLayoutEffect(() => {
    if (width === 0) return;
    const svg = drawChart(chart, { width, height, marginLeft, marginRight, colours });
    svg.setAttribute('aria-hidden', 'true');
    place.current?.replaceChildren(svg);
  }, [chart, width, height, marginLeft, marginRight]);
  return <div ref={place} className="chart-place" role="img" aria-label={label} />;
}
