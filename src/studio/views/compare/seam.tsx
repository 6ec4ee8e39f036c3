/** Between the pair: the noise that both sides start from, and a word when the pair is older than the settings. */
import type { ReactNode } from 'react';
import { modelOfSide, stepsOf } from '../../state/side-models.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { useStudio } from '../studio-context.tsx';

export function Seam(): ReactNode {
  const noise = useStudio((state) => state.sides.a.noise ?? state.sides.b.noise);
  const shared = useStudio(({ sides: { a, b } }) => a.request?.seed === b.request?.seed);
  return (
    <div className="seam" data-empty={noise === null || !shared}>
      <div className="seam-line">
        <PictureCanvas picture={noise} label="" className="noise-thumb" />
      </div>
      same noise
    </div>
  );
}

/** What the pair shows, when that is not what the settings ask for any more. */
export function ShownRequest(): ReactNode {
  const request = useStudio((state) => (state.run === null ? state.sides.b.request : null));
  const { prompt, seed } = useStudio((state) => state.settings);
  const steps = useStudio((state) => stepsOf(state.settings.sides.b, modelOfSide(state, 'b')));
  if (request === null) return null;
  const differs = request.prompt !== prompt || request.seed !== seed || request.stepCount !== steps;
  if (!differs) return null;
  const parts = [
    request.prompt === prompt ? '' : `“${request.prompt.trim()}”`,
    request.seed === seed ? '' : `seed ${request.seed}`,
    request.stepCount === steps ? '' : `${request.stepCount} ${request.stepCount === 1 ? 'step' : 'steps'}`,
  ];
  return (
    <p className="shown-request truncate">Still shown: {parts.filter((part) => part !== '').join(', ')}</p>
  );
}
