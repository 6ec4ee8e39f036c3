/** The benchmark: cold and warm times a stage, every run as a dot, beside the paper's printed times. */
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import {
  type BenchmarkSide,
  type StageName,
  type StageSummary,
  summarise,
  warmRuns,
} from '../../benchmark/benchmark.ts';
import { paper, paperFigures } from '../../benchmark/paper-figures.ts';
import { saveFile } from '../../share/save-file.ts';
import { hiddenRunsText, variationText } from '../../words/benchmark-words.ts';
import { backendWithThreads, precisionText } from '../../words/engine-words.ts';
import { errorWords } from '../../words/error-words.ts';
import { millisecondsText } from '../../words/measures.ts';
import { samplerText } from '../../words/setting-words.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { useBenchmark, useBenchmarkState } from '../engine-context.tsx';

const stageNames: Readonly<Record<StageName, string>> = {
  text: 'Text encoder',
  network: 'Network, one evaluation',
  decode: 'Decoder',
  total: 'Prompt to picture',
};

/** Warm runs as dots, their median as a bar, the cold run as a ring where it is within the axis. */
function Dots({ stage, axisMs, side }: { stage: StageSummary; axisMs: number; side: string }): ReactNode {
  const at = (ms: number): number => (100 * ms) / axisMs;
  return (
    <svg className="dots" data-side={side} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="100" y1="5" y2="5" />
      {stage.warmMs.map((ms, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: runs have no other identity than their order
        <line key={i} className="run" x1={at(ms)} x2={at(ms)} y1="2.5" y2="7.5" />
      ))}
      <line className="median" x1={at(stage.medianMs)} x2={at(stage.medianMs)} y1="0" y2="10" />
      {stage.coldMs <= axisMs && (
        <line className="cold" x1={at(stage.coldMs)} x2={at(stage.coldMs)} y1="3" y2="7" />
      )}
    </svg>
  );
}

function SideRows({ measured, axisMs }: { measured: BenchmarkSide; axisMs: number }): ReactNode {
  const { side, modelTitle, stepCount, sampler, width, height, cold } = measured;
  const hiddenText = hiddenRunsText(measured);
  const steps = `${stepCount} ${stepCount === 1 ? 'step' : 'steps'}`;
  return (
    <tbody>
      <tr className="group-row">
        <th scope="rowgroup" colSpan={5}>
          <SideBadge side={side} /> {modelTitle}, {steps}, {samplerText(sampler)}, {width} × {height}
          {variationText(measured)}{' '}
          <span className="quiet">loading took {millisecondsText(cold.loadMs)}</span>
          {hiddenText !== '' && <p className="hidden-runs">{hiddenText}</p>}
        </th>
      </tr>
      {summarise(measured).map((stage) => (
        <tr key={stage.stage}>
          <th scope="row">{stageNames[stage.stage]}</th>
          <td className="wide-only">
            <Dots stage={stage} axisMs={axisMs} side={side} />
          </td>
          <td className="number quiet">{millisecondsText(stage.coldMs)}</td>
          <td className="number">
            <b>{millisecondsText(stage.medianMs)}</b>
          </td>
          <td className="number quiet">
            {millisecondsText(stage.leastMs)} to {millisecondsText(stage.mostMs)}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function PaperRows(): ReactNode {
  return (
    <tbody>
      <tr className="group-row">
        <th scope="rowgroup" colSpan={5}>
          In print:{' '}
          <a href={paper.url} target="_blank" rel="noreferrer">
            {paper.title}
          </a>{' '}
          <span className="quiet">networks of 860 million parameters at 512 × 512, on other hardware</span>
        </th>
      </tr>
      {paperFigures.map(({ method, steps, printed, source }) => (
        <tr key={method}>
          <th scope="row">
            {method}, {steps} {steps === 1 ? 'step' : 'steps'}
          </th>
          <td className="wide-only quiet">{source}</td>
          <td className="number quiet">–</td>
          <td className="number">
            <b>{printed}</b>
          </td>
          <td className="number quiet">as printed</td>
        </tr>
      ))}
    </tbody>
  );
}

function Results({ sides }: { sides: readonly BenchmarkSide[] }): ReactNode {
  const axisMs = 1.05 * Math.max(1, ...sides.flatMap((side) => summarise(side).map(({ mostMs }) => mostMs)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Benchmark, table">
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col" className="wide-only">
              Runs, 0 to {millisecondsText(axisMs)}
            </th>
            <th scope="col" className="number">
              Cold
            </th>
            <th scope="col" className="number">
              Warm, median
            </th>
            <th scope="col" className="number">
              Spread
            </th>
          </tr>
        </thead>
        {sides.map((measured) => (
          <SideRows key={measured.side} measured={measured} axisMs={axisMs} />
        ))}
        <PaperRows />
      </table>
    </section>
  );
}

export function BenchmarkSection(): ReactNode {
  const benchmark = useBenchmark();
  const state = useBenchmarkState();
  const running = state.status === 'running';
  const record = state.status === 'done' ? state.record : null;
  const save = (): void => {
    if (record === null) return;
    const file = new Blob([`${JSON.stringify(record, null, 2)}\n`], { type: 'application/json' });
    saveFile(file, `instaflow-benchmark-${record.measuredAt.slice(0, 10)}.json`);
  };
  return (
    <section className="panel" aria-labelledby="benchmark-title">
      <header>
        <h3 id="benchmark-title">Benchmark</h3>
        <p className="quiet" role="status">
          {running &&
            `Side ${state.side.toUpperCase()}, ${state.run === 0 ? 'cold run' : `warm run ${state.run} of ${warmRuns}`}`}
          {record !== null &&
            `${warmRuns} warm runs a side, ${backendWithThreads(record.engine)}, ${precisionText(record.engine.variant)}`}
        </p>
        {record !== null && (
          <Button className="button" onPress={save}>
            <Download className="glyph" aria-hidden="true" />
            JSON
          </Button>
        )}
        {running ? (
          <Button className="button line" onPress={benchmark.cancel}>
            Stop
          </Button>
        ) : (
          <Button className="button fill" onPress={() => void benchmark.run()}>
            {record === null ? 'Run benchmark' : 'Run again'}
          </Button>
        )}
      </header>
      {state.status === 'failed' && (
        <p role="alert">
          {errorWords(state.error).title}. {errorWords(state.error).sentences.join(' ')}
        </p>
      )}
      <Results sides={record?.sides ?? []} />
      <p className="quiet">
        Both sides as they are set in the studio, each in a fresh worker: a first run, then {warmRuns} with
        other words and noise. Thin marks are warm runs, the tall one their median, the pale one the cold run
        where it is within the axis.
      </p>
    </section>
  );
}
