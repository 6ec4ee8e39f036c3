/** One row a model: the catalogue's, and those that were typed before. */
import { Pause, Play, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, ProgressBar } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { type ModelRow, modelRows } from '../../state/models.ts';
import { bytesText } from '../../words/byte-words.ts';
import { downloadText, presenceText } from '../../words/model-words.ts';
import { useModels, useModelsActions } from './models-context.tsx';
import { StoreError } from './store-error.tsx';

function Removal({ row }: { row: ModelRow }): ReactNode {
  const { remove } = useModelsActions();
  const [asked, ask] = useState(false);
  const own = row.stored?.ownBytes ?? 0;
  if (!asked) {
    const label = row.running ? `Cancel ${row.title}` : `Delete ${row.title}`;
    return (
      <Button className="button icon" aria-label={label} onPress={() => ask(true)}>
        <Trash2 className="glyph" aria-hidden="true" />
      </Button>
    );
  }
  return (
    <fieldset className="confirm" aria-label={`Delete ${row.title}?`}>
      <Button className="button danger" autoFocus onPress={() => remove(row.id)}>
        Delete{own > 0 ? ` ${bytesText(own)}` : ''}
      </Button>
      <Button className="button" onPress={() => ask(false)}>
        Keep
      </Button>
    </fieldset>
  );
}

function Progress({ row }: { row: ModelRow }): ReactNode {
  const progress = row.running?.progress;
  const total = progress?.totalBytes || row.stored?.sizeBytes || 0;
  const done = row.running ? (progress?.receivedBytes ?? 0) : (row.stored?.storedBytes ?? 0);
  const kept = row.running ? total : (row.stored?.sizeBytes ?? 0);
  return (
    <ProgressBar
      className="download-bar"
      aria-label={`Download of ${row.title}`}
      value={kept > 0 ? Math.min(100, (done / kept) * 100) : 0}
      valueLabel={row.running ? downloadText(progress ?? null) : presenceText(row)}
    >
      {({ percentage = 0, valueText }) => (
        <>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" width="100" height="4" />
            <rect className="part" width={percentage} height="4" />
          </svg>
          <span>{valueText}</span>
        </>
      )}
    </ProgressBar>
  );
}

function Row({ row }: { row: ModelRow }): ReactNode {
  const { open, resume, pause } = useModelsActions();
  const { published, stored, running, error } = row;
  const isPartial = running !== null || (stored !== null && !stored.complete);
  return (
    <li>
      <div className="model-name">
        <b>{row.title}</b>
        {row.summary !== '' && <span>{row.summary}</span>}
        {isPartial ? <Progress row={row} /> : <small>{presenceText(row)}</small>}
        {error !== null && <StoreError error={error} />}
      </div>
      <div className="model-acts">
        {running !== null && (
          <Button className="button icon" aria-label={`Pause ${row.title}`} onPress={() => pause(row.id)}>
            <Pause className="glyph" aria-hidden="true" />
          </Button>
        )}
        {running === null && isPartial && (
          <Button className="button icon" aria-label={`Continue ${row.title}`} onPress={() => resume(row.id)}>
            <Play className="glyph" aria-hidden="true" />
          </Button>
        )}
        {published !== null && stored === null && running === null && (
          <Button className="button line" aria-label={`Get ${row.title}`} onPress={() => open(row.id)}>
            Get
          </Button>
        )}
        {(stored !== null || running !== null) && <Removal row={row} />}
      </div>
    </li>
  );
}

export function ModelList(): ReactNode {
  const known = useModels((state) => state.known);
  const parts = useModels(
    useShallow(({ published, stored, downloads, errors }) => ({ published, stored, downloads, errors })),
  );
  const rows = modelRows(parts);
  if (!known) return <p className="note">Looking at what is here.</p>;
  return (
    <ul className="model-list">
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ul>
  );
}
