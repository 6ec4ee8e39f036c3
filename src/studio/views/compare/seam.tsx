/** Between the pair: the noise that both sides start from, and a word when the pair is older than the settings. */
import type { ReactNode } from 'react';
import { noiseRelation } from '../../state/noise-relation.ts';
import { modelOfSide, stepsOf } from '../../state/side-models.ts';
import { noiseRelationTag } from '../../words/setting-words.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { useStudio } from '../studio-context.tsx';

export function Seam(): ReactNode {
  const noise = useStudio((state) => state.sides.a.noise ?? state.sides.b.noise);
  const a = useStudio((state) => state.sides.a.request);
  const b = useStudio((state) => state.sides.b.request);
  const models = useStudio((state) => state.engine.models);
  if (a === null || b === null) return null;
  const modelOf = (id: string) => models.find((model) => model.id === id) ?? null;
  const relation = noiseRelation({ a, b }, { a: modelOf(a.model), b: modelOf(b.model) });
  return (
    <div className="seam" data-relation={relation}>
      <div className="seam-line">
        <PictureCanvas picture={noise} label="" className="noise-thumb" />
      </div>
      {noiseRelationTag[relation]}
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
