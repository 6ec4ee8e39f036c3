import { describe, expect, it } from 'vitest';
import type { Chart } from '../state/trajectory-chart.ts';
import { chartCsv, chartRows, seriesName } from './chart-text.ts';

const chart: Chart = {
  plot: 'latents',
  shape: 'line',
  series: [
    {
      side: 'a',
      point: 2,
      values: [
        { t: 0, value: 1 },
        { t: 0.6, value: 2 },
      ],
      chord: [
        { t: 0, value: 1 },
        { t: 1, value: 5 },
      ],
    },
    { side: 'b', point: 0, values: [{ t: 1 - 0.4, value: -0.5 }], chord: [] },
  ],
};

describe("a chart's numbers", () => {
  it('are rows of times, with gaps where a series has none', () => {
    expect(chartRows(chart)).toEqual([
      { t: 0, values: [1, null] },
      { t: 0.6, values: [2, -0.5] },
    ]);
  });

  it('are a CSV of one value a line, chords included', () => {
    const sides = { a: { model: 'say "one", two', steps: 1 }, b: { model: '2-RF', steps: 25 } };
    expect(chartCsv(chart, sides).split('\r\n')).toEqual([
      'plot,side,model,steps,point,line,t,value',
      'latents,A,"say ""one"", two",1,2,path,0,1',
      'latents,A,"say ""one"", two",1,2,path,0.6,2',
      'latents,A,"say ""one"", two",1,2,chord,0,1',
      'latents,A,"say ""one"", two",1,2,chord,1,5',
      'latents,B,2-RF,25,,path,0.6,-0.5',
      '',
    ]);
  });

  it('are named by side and point', () => {
    expect(chart.series.map(seriesName)).toEqual(['A 2', 'B']);
  });
});
