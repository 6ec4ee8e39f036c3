/** The step sweep: rows are models, columns step counts; any picture becomes A or B of the studio. */
import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef } from 'react';
import '../../styles/sweep.css';
import type { SweepFigure } from '../../plots/sweep-figure.ts';
import type { StudioState } from '../../state/studio.ts';
import { referenceCell, similarityKey, sweepIsOutdated, sweepRows } from '../../state/sweep.ts';
import { backendText } from '../../words/engine-words.ts';
import { stepsCountText } from '../../words/setting-words.ts';
import {
  cellTimeText,
  firstMissingAtEnd,
  missingCellsText,
  rowNote,
  rowStraightness,
  similarityText,
} from '../../words/sweep-words.ts';
import { PromptBox } from '../compose/prompt-box.tsx';
import { usePassingText } from '../controls/passing-text.ts';
import { EngineBanner } from '../engine/engine-banner.tsx';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useDispatch, useStudio } from '../studio-context.tsx';
import { SweepCellView } from './sweep-cell.tsx';
import { SweepHead } from './sweep-head.tsx';

function figureOf(state: StudioState): SweepFigure {
  const { sweep } = state;
  const { prompt, seed } = sweep.subject ?? state.settings;
  const backend = state.engine.report === null ? '' : `, ${backendText(state.engine.report.backend)}`;
  return {
    title: prompt,
    subtitle: `Seed ${seed}, the same noise for every model of a family${backend}, one run each; SSIM against the row's last`,
    columns: sweep.counts.map(stepsCountText),
    rows: sweepRows(state).map((row) => {
      const reference = referenceCell(sweep, row);
      const drawn = sweep.cells.get(reference?.key ?? '');
      return {
        title: row.model.title,
        notes: [rowNote(row, drawn), rowStraightness(drawn), missingCellsText(row)],
        cells: row.cells.map(({ key, request }) => {
          if (request === null) return null;
          const run = sweep.cells.get(key);
          const similarity = sweep.similarities.get(similarityKey(key, reference?.key ?? ''));
          return {
            picture: run?.result?.picture ?? null,
            left: run === undefined ? '' : cellTimeText(run),
            right: similarityText(similarity),
          };
        }),
      };
    }),
  };
}

/** Arrow keys go from picture to picture. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.sweep-cell') : null;
  if (by === undefined || cell === null) return;
  const [row, column] = [cell.style.getPropertyValue('--row'), cell.style.getPropertyValue('--column')].map(
    Number,
  );
  const next = [...event.currentTarget.querySelectorAll<HTMLElement>('.sweep-cell')].find(
    ({ style }) =>
      Number(style.getPropertyValue('--row')) === row! + by[0]! &&
      Number(style.getPropertyValue('--column')) === column! + by[1]!,
  );
  const button = next?.querySelector('button');
  if (!button) return;
  event.preventDefault();
  button.focus();
}

const placeAt = (row: number, column: number): CSSProperties =>
  ({ '--row': row, '--column': column }) as CSSProperties;

export function SweepPage(): ReactNode {
  const state = useStudio((whole) => whole);
  const { sweep, settings } = state;
  const dispatch = useDispatch();
  const prompt = useRef<HTMLTextAreaElement>(null);
  const [saved, setSaved] = usePassingText();
  const rows = sweepRows(state);
  const wanted = rows.flatMap(({ cells }) => cells.filter(({ request }) => request !== null));
  const done = wanted.filter(({ key }) => sweep.cells.get(key)?.result != null);
  const start = (): void => dispatch({ type: 'sweep-started' });
  useShortcuts({
    focusPrompt: () => prompt.current?.select(),
    draw: start,
    cancel: () => {
      if (sweep.running) dispatch({ type: 'sweep-stopped' });
      return sweep.running;
    },
  });
  const save = async (): Promise<void> => {
    try {
      const { saveSweepFigure } = await import('../../actions/sweep-export.ts');
      await saveSweepFigure(figureOf(state), 'step-sweep');
      setSaved('Saved');
    } catch (thrown) {
      setSaved(`Not saved: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  };
  return (
    <main className="page sweep-page">
      <EngineBanner />
      <h2 className="visually-hidden">Step sweep</h2>
      <PromptBox field={prompt} onDraw={start} />
      <SweepHead
        progress={`${done.length} of ${wanted.length} pictures`}
        onSave={done.length === 0 ? null : () => void save()}
        saved={saved}
      />
      {sweepIsOutdated(state) && sweep.subject !== null && (
        <p className="sweep-outdated">
          These pictures show “{sweep.subject.prompt.trim()}”, seed {sweep.subject.seed}. Draw the sweep for “
          {settings.prompt.trim()}”, seed {settings.seed}.
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys between the buttons inside */}
      <div
        className="sweep-grid"
        style={{ '--columns': sweep.counts.length, '--rows': rows.length } as CSSProperties}
        onKeyDown={moveFocus}
      >
        {sweep.counts.map((count, i) => (
          <p key={count} className="sweep-count" style={placeAt(1, i + 2)}>
            <b>{count}</b> {count === 1 ? 'step' : 'steps'}
          </p>
        ))}
        {rows.map((row, i) => (
          <SweepRowView key={row.model.id} row={row} at={i + 2} />
        ))}
      </div>
      <p className="quiet sweep-foot">
        Same prompt and noise everywhere. SSIM against the row's last picture. One run each; a run is cold
        where a network was loaded or compiled in it. Arrow keys move between pictures, A and B assign a side.
      </p>
    </main>
  );
}

function SweepRowView({ row, at }: { row: ReturnType<typeof sweepRows>[number]; at: number }): ReactNode {
  const drawn = useStudio((state) => state.sweep.cells.get(referenceCell(state.sweep, row)?.key ?? ''));
  const missing = firstMissingAtEnd(row);
  return (
    <>
      <div className="sweep-label" style={placeAt(at, 1)}>
        <b>{row.model.title}</b>
        <span>{rowNote(row, drawn)}</span>
        <span>{rowStraightness(drawn)}</span>
        {missing === null && <span>{missingCellsText(row)}</span>}
      </div>
      {row.cells.map((cell, i) => (
        <SweepCellView key={cell.stepCount} row={row} cell={cell} place={placeAt(at, i + 2)} />
      ))}
      {missing !== null && (
        <p
          className="sweep-missing"
          style={{ ...placeAt(at, missing + 2), '--span': row.cells.length - missing } as CSSProperties}
        >
          {missingCellsText(row)}
        </p>
      )}
    </>
  );
}
