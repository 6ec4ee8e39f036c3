/** The whole page takes a dropped picture; a plate says so while one hovers, a notice what came of it. */
import { CircleAlert, Info, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { errorWords } from '../../words/error-words.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useRestored, useRestoring } from '../keep-context.tsx';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** @returns whether files hover over the page */
function useDroppedFiles(onFile: (file: File) => void): boolean {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setHovering(true);
    };
    const leave = (event: DragEvent): void => {
      // Leaving one element for another is no leaving of the page.
      if (event.relatedTarget === null) setHovering(false);
    };
    const drop = (event: DragEvent): void => {
      setHovering(false);
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      onFile(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onFile]);
  return hovering;
}

function RestoredNotice(): ReactNode {
  const outcome = useRestored();
  const { close } = useRestoring();
  if (outcome === null) return null;
  const failed = outcome.kind === 'failed';
  const Glyph = failed ? CircleAlert : Info;
  const { title, sentences, values } = failed
    ? errorWords(outcome.error)
    : {
        title: 'Settings taken over',
        sentences: [`From ${outcome.fileName}.`, ...outcome.missing],
        values: [],
      };
  return (
    <section className="toast" data-tone={failed ? 'danger' : 'plain'} role={failed ? 'alert' : 'status'}>
      <Glyph className="glyph" aria-hidden="true" />
      <p>
        <b>{title}.</b> {sentences.join(' ')}
        {values.map(({ name, value }) => (
          <span key={name} className="toast-value">
            {name}: {value}
          </span>
        ))}
      </p>
      <IconButton icon={X} label="Close" onPress={close} />
    </section>
  );
}

export function DropTarget(): ReactNode {
  const { open } = useRestoring();
  const [onFile] = useState(() => (file: File) => void open(file));
  const hovering = useDroppedFiles(onFile);
  return (
    <>
      {hovering && (
        <div className="drop-plate" aria-hidden="true">
          Drop a saved PNG to take over its settings
        </div>
      )}
      <RestoredNotice />
    </>
  );
}
