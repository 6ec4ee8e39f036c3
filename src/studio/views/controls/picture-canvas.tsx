/** A picture on a canvas of the picture's own pixels; the browser scales it. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Picture } from '../../../worker/protocol.ts';

interface PictureCanvasProps {
  readonly picture: Picture | null;
  /** What it shows, for screen readers; '' = decoration. */
  readonly label: string;
  readonly className?: string;
}

export function PictureCanvas({ picture, label, className = 'picture' }: PictureCanvasProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { width, height } = picture ?? { width: 1, height: 1 };
    if (element.width !== width || element.height !== height) {
      element.width = width;
      element.height = height;
    }
    if (picture === null) context.clearRect(0, 0, width, height);
    else context.putImageData(new ImageData(picture.rgba, width, height), 0, 0);
  }, [picture]);
  const described = label === '' ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label };
  return (
    <canvas
      ref={canvas}
      className={className}
      data-empty={picture === null}
      width={1}
      height={1}
      {...described}
    />
  );
}
