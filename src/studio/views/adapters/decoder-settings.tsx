/** The decoder of each side: the model's own VAE, or the tiny one where the model has it. */
import type { ReactNode } from 'react';
import { type SideName, sideNames } from '../../state/side.ts';
import { decodingOf, modelOfSide } from '../../state/side-models.ts';
import { Choice } from '../controls/choice.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

const options = [
  { id: 'full', name: "The model's own" },
  { id: 'fast', name: 'Fast', note: 'TAESD: a tiny decoder, quicker and less exact' },
] as const;

function SideDecoder({ side }: { side: SideName }): ReactNode {
  const model = useStudio((state) => modelOfSide(state, side));
  const settings = useStudio((state) => state.settings.sides[side]);
  const { changeSide } = useActions();
  if (model === null) return <span className="quiet">–</span>;
  if (model.components.tiny_vae === undefined)
    return <span className="quiet">The model's own: {model.title} has no tiny one here</span>;
  return (
    <Choice
      label={`Decoder of side ${side.toUpperCase()}`}
      options={options}
      value={decodingOf(settings, model)}
      onChange={(id) => changeSide(side, { decoding: id === 'fast' ? 'fast' : 'full' })}
    />
  );
}

export function DecoderSettings(): ReactNode {
  return (
    <section className="group" aria-label="Decoder">
      <h2>Decoder</h2>
      <div className="side-rows">
        {sideNames.map((side) => (
          <div key={side}>
            <SideBadge side={side} />
            <span className="visually-hidden">Side {side.toUpperCase()}: </span>
            <SideDecoder side={side} />
          </div>
        ))}
      </div>
    </section>
  );
}
