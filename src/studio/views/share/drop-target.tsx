/**
 * The whole page takes a dropped picture, LoRA or model folder. A plate says so while one hovers; a toast, or the
 * models dialog, what came of it.
 */
import { type ReactNode, useEffect, useState } from 'react';
import { droppedFolder, listFolder } from '../../actions/dropped-folder.ts';
import { useAdapterActions } from '../adapters/adapters-context.tsx';
import { useRestoring } from '../keep-context.tsx';
import { useModelsActions } from '../models/models-context.tsx';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

const isWeights = ({ name }: File): boolean => /\.(safetensors|ckpt|pt|bin)$/iu.test(name);

/** @returns whether files or folders hover over the page */
function useDrops(onDrop: (dropped: DataTransfer) => void): boolean {
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
      if (event.dataTransfer === null || !carriesFiles(event)) return;
      event.preventDefault();
      onDrop(event.dataTransfer);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onDrop]);
  return hovering;
}

export function DropTarget(): ReactNode {
  const { open } = useRestoring();
  const { add } = useAdapterActions();
  const models = useModelsActions();
  const [onDrop] = useState(() => (dropped: DataTransfer) => {
    const folder = droppedFolder(dropped.items);
    const files = [...dropped.files];
    const [file] = files;
    if (folder !== null) {
      models.open();
      // What comes of it stands below the list.
      models.leave();
      void models.addFolder(listFolder(folder));
    } else if (files.some(isWeights)) void add(files);
    else if (file !== undefined) void open(file);
  });
  const hovering = useDrops(onDrop);
  return (
    hovering && (
      <div className="drop-plate" aria-hidden="true">
        Drop a saved PNG to take over its settings, a LoRA to add it, or a model folder to open it
      </div>
    )
  );
}
