/** The whole page takes a dropped picture or LoRA; a plate says so while one hovers, a notice what came of it. */
import { type ReactNode, useEffect, useState } from 'react';
import { errorWords } from '../../words/error-words.ts';
import { AdapterNotice } from '../adapters/adapter-notice.tsx';
import { useAdapterActions } from '../adapters/adapters-context.tsx';
import { NoticeToast } from '../controls/notice-toast.tsx';
import { useRestored, useRestoring } from '../keep-context.tsx';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

const isWeights = ({ name }: File): boolean => /\.(safetensors|ckpt|pt|bin)$/iu.test(name);

/** @returns whether files hover over the page */
function useDroppedFiles(onFiles: (files: readonly File[]) => void): boolean {
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
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onFiles]);
  return hovering;
}

function RestoredNotice(): ReactNode {
  const outcome = useRestored();
  const { close } = useRestoring();
  if (outcome === null) return null;
  const failed = outcome.kind === 'failed';
  const words =
    outcome.kind === 'failed'
      ? errorWords(outcome.error)
      : {
          title: 'Settings taken over',
          sentences: [`From ${outcome.fileName}.`, ...outcome.missing],
          values: [],
        };
  return <NoticeToast failed={failed} words={words} onClose={close} />;
}

export function DropTarget(): ReactNode {
  const { open } = useRestoring();
  const { add } = useAdapterActions();
  const [onFiles] = useState(() => (files: readonly File[]) => {
    const [file] = files;
    if (files.some(isWeights)) void add(files);
    else if (file !== undefined) void open(file);
  });
  const hovering = useDroppedFiles(onFiles);
  return (
    <>
      {hovering && (
        <div className="drop-plate" aria-hidden="true">
          Drop a saved PNG to take over its settings, or a LoRA to add it
        </div>
      )}
      <RestoredNotice />
      <AdapterNotice />
    </>
  );
}
