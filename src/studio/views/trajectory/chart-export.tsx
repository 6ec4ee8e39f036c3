/** The chart as a file: SVG and PNG for papers and slides, CSV for reckoning on. */
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { chartCsv, type DescribedSide } from '../../plots/chart-text.ts';
import type { ChartSheet } from '../../plots/export-chart.ts';
import { pageColour } from '../../plots/page-colours.ts';
import { saveFile } from '../../share/save-file.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import type { StudioState } from '../../state/studio.ts';
import { lastFrame } from '../../state/trajectory.ts';
import { type Chart, chartOf } from '../../state/trajectory-chart.ts';
import { drawnModelTitle } from '../../state/trajectory-model.ts';
import { quantityTexts, straightnessOf } from '../../words/chart-words.ts';
import { useStudioReader } from '../studio-context.tsx';

type Format = 'svg' | 'png' | 'csv';

function describedSide(state: StudioState, side: SideName): DescribedSide {
  return { model: drawnModelTitle(state, side), steps: lastFrame(state.sides[side]) };
}

function sheetOf(state: StudioState, chart: Chart): ChartSheet {
  const captions = sideNames.flatMap((side) => {
    const { model, steps } = describedSide(state, side);
    if (model === '') return [];
    const parts = [`${side.toUpperCase()}: ${model}`, `${steps} ${steps === 1 ? 'step' : 'steps'}`];
    const measured = straightnessOf(state.sides[side]);
    return [
      {
        text: [...parts, ...(measured === '' ? [] : [measured])].join(', '),
        colour: pageColour(`--${side}-text`),
      },
    ];
  });
  return {
    title: quantityTexts[chart.plot],
    captions,
    colours: {
      a: pageColour('--a'),
      b: pageColour('--b'),
      label: pageColour('--ink-3'),
      grid: pageColour('--line'),
    },
    ink: pageColour('--ink'),
    background: pageColour('--stage'),
  };
}

async function fileOf(format: Format, chart: Chart, state: StudioState): Promise<Blob> {
  if (format === 'csv') {
    const text = chartCsv(chart, { a: describedSide(state, 'a'), b: describedSide(state, 'b') });
    return new Blob([text], { type: 'text/csv' });
  }
  const { chartPng, chartSvg } = await import('../../plots/export-chart.ts');
  const sheet = sheetOf(state, chart);
  if (format === 'png') return chartPng(chart, sheet);
  return new Blob([chartSvg(chart, sheet)], { type: 'image/svg+xml' });
}

export function ChartExport({ isEmpty }: { isEmpty: boolean }): ReactNode {
  const readState = useStudioReader();
  const [problem, setProblem] = useState('');
  const save = async (format: Format): Promise<void> => {
    const state = readState();
    const chart = chartOf(state.sides, state.traces);
    const seed = (state.sides.b.request ?? state.sides.a.request)?.seed ?? 0;
    try {
      saveFile(await fileOf(format, chart, state), `trajectory_${chart.plot}_seed-${seed}.${format}`);
      setProblem('');
    } catch {
      setProblem(`The ${format.toUpperCase()} could not be made. Try another format.`);
    }
  };
  return (
    <MenuTrigger>
      <Button className="button icon" aria-label="Save the plot" isDisabled={isEmpty}>
        <Download className="glyph" aria-hidden="true" />
      </Button>
      {problem !== '' && <span role="alert">{problem}</span>}
      <Popover className="popover menu" placement="top end" offset={6}>
        <Menu aria-label="Save the plot" onAction={(format) => void save(format as Format)}>
          <MenuItem id="svg">SVG</MenuItem>
          <MenuItem id="png">PNG</MenuItem>
          <MenuItem id="csv">CSV, the numbers</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
