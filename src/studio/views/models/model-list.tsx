/** One row a model: the catalogue's, and those that were typed before. */
import { Pause, Play, ShieldCheck, Trash2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, ProgressBar } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { type ModelRow, modelRows } from '../../state/models.ts';
import { bytesText } from '../../words/byte-words.ts';
import { checkText, downloadText, presenceText } from '../../words/model-words.ts';
import { useModels, useModelsActions } from './models-context.tsx';
import { StoreError } from './store-error.tsx';
import { UseButton } from './use-button.tsx';

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
      <Button className="button danger" onPress={() => remove(row.id)}>
        Delete{own > 0 ? ` ${bytesText(own)}` : ''}
      </Button>
      <Button className="button" autoFocus onPress={() => ask(false)}>
        Keep
      </Button>
    </fieldset>
  );
}

function Progress({ row }: { row: ModelRow }): ReactNode {
  const { running, stored } = row;
  const progress = running?.progress ?? null;
  const total = (running && progress?.totalBytes) || stored?.sizeBytes || 0;
  const done = running ? (progress?.receivedBytes ?? 0) : (stored?.receivedBytes ?? 0);
  const told = running?.checks ? checkText(progress) : downloadText(progress);
  return (
    <ProgressBar
      className="download-bar"
      aria-label={`${running?.checks ? 'Check' : 'Download'} of ${row.title}`}
      value={total > 0 ? Math.min(100, (done / total) * 100) : 0}
      valueLabel={running ? told : presenceText(row)}
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
  const { open, resume, pause, check, closeError } = useModelsActions();
  const { published, stored, running, error } = row;
  const isPartial = running !== null || (stored !== null && !stored.complete);
  const isOnlyError = published === null && stored === null && running === null;
  return (
    <li>
      <div className="model-name">
        <b>{row.title}</b>
        {row.summary !== '' && <span>{row.summary}</span>}
        {isPartial && <Progress row={row} />}
        {!isPartial && !isOnlyError && <small role="status">{presenceText(row)}</small>}
        {error !== null && <StoreError error={error} />}
      </div>
      <div className="model-acts">
        {running !== null && (
          <Button
            className="button icon"
            aria-label={`${running.checks ? 'Stop checking' : 'Pause'} ${row.title}`}
            onPress={() => pause(row.id)}
          >
            {running.checks ? (
              <X className="glyph" aria-hidden="true" />
            ) : (
              <Pause className="glyph" aria-hidden="true" />
            )}
          </Button>
        )}
        {running === null && stored?.complete && (
          <>
            <UseButton id={row.id} />
            <Button
              className="button icon"
              aria-label={`Check files of ${row.title}`}
              onPress={() => check(row.id)}
            >
              <ShieldCheck className="glyph" aria-hidden="true" />
            </Button>
          </>
        )}
        {running === null && isPartial && (
          <Button className="button icon" aria-label={`Continue ${row.title}`} onPress={() => resume(row.id)}>
            <Play className="glyph" aria-hidden="true" />
          </Button>
        )}
        {isOnlyError && (
          <>
            <Button
              className="button line"
              aria-label={`Try again ${row.title}`}
              onPress={() => resume(row.id)}
            >
              Try again
            </Button>
            <Button
              className="button icon"
              aria-label={`Dismiss ${row.title}`}
              onPress={() => closeError(row.id)}
            >
              <X className="glyph" aria-hidden="true" />
            </Button>
          </>
        )}
        {published !== null && stored === null && running === null && (
          <Button className="button line" aria-label={`Get ${row.title}`} onPress={() => open(row.id)}>
            Get
          </Button>
        )}
        {(stored !== null || running !== null) && !running?.checks && <Removal row={row} />}
      </div>
    </li>
  );
}

export function ModelList(): ReactNode {
  const known = useModels((state) => state.known);
  const parts = useModels(
    useShallow(({ published, stored, downloads, mended, errors, failedTitles }) => ({
      published,
      stored,
      downloads,
      mended,
      errors,
      failedTitles,
    })),
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
