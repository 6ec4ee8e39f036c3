/** A scene, drawn at the playback's time; what stands still is drawn once and kept. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useResolvedTheme } from '../../studio/views/shell/theme.ts';
import { useStudio } from '../../studio/views/studio-context.tsx';
import { drawCrosses, drawField, drawParticles, drawPaths, type Look } from '../drawing/draw-scene.ts';
import { readPalette } from '../drawing/palette.ts';
import type { Scene } from '../drawing/scene.ts';
import { usePlayback } from './lab-context.tsx';

export type Show = 'paths' | 'field';

interface SceneCanvasProps {
  readonly scene: Scene;
  readonly show: Show;
  /** In words, for who doesn't see it. */
  readonly label: string;
  /** A time of its own instead of the playback's. */
  readonly time?: number;
}

const largestScale = 2;

export function SceneCanvas({ scene, show, label, time }: SceneCanvasProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const playback = usePlayback();
  const theme = useResolvedTheme(useStudio((state) => state.settings.theme));

  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d');
    const frame = target?.parentElement;
    if (!target || !context || !frame) return;
    const scratch = new Float32Array(2 * scene.path.count);
    const still = document.createElement('canvas');
    const palette = readPalette(frame, theme);
    let look: Look | null = null;
    let seen = true;

    const drawStill = (): void => {
      const scale = Math.min(largestScale, window.devicePixelRatio);
      const size = Math.round(frame.clientWidth * scale);
      if (size === 0) return;
      target.width = size;
      target.height = size;
      still.width = size;
      still.height = size;
      look = { palette, plane: { size }, scale };
      const layer = still.getContext('2d');
      if (layer !== null && show === 'paths') drawPaths(layer, scene, look);
    };
    const draw = (): void => {
      if (look === null || !seen) return;
      const t = time ?? playback.time();
      context.clearRect(0, 0, target.width, target.height);
      context.drawImage(still, 0, 0);
      if (show === 'field') drawField(context, scene, t, look);
      drawParticles(context, scene, t, look, scratch);
      drawCrosses(context, scene, look);
    };
    const resized = new ResizeObserver(() => {
      drawStill();
      draw();
    });
    // Panels out of sight cost nothing.
    const watched = new IntersectionObserver((entries) => {
      // Several at once where the page changed quickly: the last tells how it is.
      seen = entries.at(-1)?.isIntersecting ?? true;
      draw();
    });
    resized.observe(frame);
    watched.observe(target);
    const unsubscribe = playback.subscribe(draw);
    return () => {
      resized.disconnect();
      watched.disconnect();
      unsubscribe();
    };
  }, [scene, show, time, playback, theme]);
  return <canvas ref={canvas} className="scene" role="img" aria-label={label} />;
}
