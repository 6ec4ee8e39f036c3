/** The chart's numbers, one row a time. */
import type { ReactNode } from 'react';
import { chartRows, seriesName } from '../../plots/chart-text.ts';
import type { Chart } from '../../state/trajectory-chart.ts';
import { chartNumber, quantityTexts } from '../../words/chart-words.ts';

export function ChartTable({ chart }: { chart: Chart }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="chart-table" aria-label="Numbers of the plot" tabIndex={0}>
      <table>
        <caption>{quantityTexts[chart.plot]}</caption>
        <thead>
          <tr>
            <th scope="col">
              <i className="math">t</i>
            </th>
            {chart.series.map((series) => (
              <th key={seriesName(series)} scope="col" data-side={series.side}>
                {seriesName(series)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chartRows(chart).map(({ t, values }) => (
            <tr key={t}>
              <th scope="row">{t.toFixed(3)}</th>
              {chart.series.map((series, i) => (
                <td key={seriesName(series)}>
                  {values[i] === null || values[i] === undefined ? '' : chartNumber(chart, values[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
