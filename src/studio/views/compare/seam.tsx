/** Between the pair: the noise that both sides start from. */
import type { ReactNode } from 'react';
import { noiseRelation } from '../../state/noise-relation.ts';
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
