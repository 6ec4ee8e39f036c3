/** A square with its caption; before there is something to show, what will come stands in it. */
import type { ReactNode } from 'react';
import type { Scene } from '../drawing/scene.ts';
import { SceneCanvas, type Show } from './scene-canvas.tsx';

interface PanelProps {
  readonly title: ReactNode;
  /** A number or a short sentence behind the title. */
  readonly note?: ReactNode;
  readonly scene: Scene | null;
  /** In words, for who doesn't see it. */
  readonly label: string;
  /** What stands in the empty square. */
  readonly empty: ReactNode;
  readonly show?: Show;
  readonly time?: number;
}

export function Panel({ title, note, scene, label, empty, show = 'paths', time }: PanelProps): ReactNode {
  return (
    <figure className="lab-panel">
      <div className="lab-square" data-empty={scene === null || undefined}>
        {scene === null ? (
          <p>{empty}</p>
        ) : (
          <SceneCanvas scene={scene} show={show} label={label} {...(time === undefined ? {} : { time })} />
        )}
      </div>
      <figcaption>
        <b>{title}</b>
        {note !== undefined && <span className="quiet numbers">{note}</span>}
      </figcaption>
    </figure>
  );
}
