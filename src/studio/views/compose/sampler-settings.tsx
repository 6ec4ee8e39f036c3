/** The sampler of each side, and the size of both. */
import type { ReactNode } from 'react';
import { isFlow, samplerOf, samplersOf } from '../../state/model-samplers.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { modelOfSide, sizeOf } from '../../state/side-models.ts';
import { ownSamplerText, samplerText, sizeText } from '../../words/setting-words.ts';
import { Choice } from '../controls/choice.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

/** No sampler has an empty name. */
const own = '';

function SideSampler({ side }: { side: SideName }): ReactNode {
  const model = useStudio((state) => modelOfSide(state, side));
  const wanted = useStudio((state) => state.settings.sides[side].sampler);
  const { changeSide } = useActions();
  if (model === null) return <span className="quiet">–</span>;
  const samplers = samplersOf(model);
  if (samplers.length === 1) {
    return (
      <span className="quiet">
        {samplers.map(samplerText)}
        {isFlow(model) && ': its velocities need no other'}
      </span>
    );
  }
  return (
    <Choice
      label={`Sampler of side ${side.toUpperCase()}`}
      options={[
        { id: own, name: ownSamplerText(model) },
        ...samplers.map((id) => ({ id, name: samplerText(id) })),
      ]}
      value={samplerOf(wanted, model) ?? own}
      onChange={(id) => changeSide(side, { sampler: id === own ? null : id })}
    />
  );
}

function SizeChoice(): ReactNode {
  const a = useStudio((state) => modelOfSide(state, 'a'));
  const b = useStudio((state) => modelOfSide(state, 'b'));
  const size = useStudio((state) => (b === null ? '' : sizeOf(state.settings, b).join()));
  const { change } = useActions();
  if (a === null || b === null) return <span className="quiet">–</span>;
  const sizes = new Map([...a.sizes, ...b.sizes].map((each) => [each.join(), each]));
  const [only] = sizes.values();
  if (sizes.size === 1 && only !== undefined)
    return <span className="quiet">{sizeText(only)}, the only size these models take</span>;
  return (
    <Choice
      label="Size"
      options={[...sizes].map(([id, each]) => ({ id, name: sizeText(each) }))}
      value={size}
      onChange={(id) => change({ size: sizes.get(id) ?? null })}
    />
  );
}

export function SamplerSettings(): ReactNode {
  return (
    <section className="group" aria-label="Sampler and size">
      <h2>Sampler and size</h2>
      <div className="side-rows">
        {sideNames.map((side) => (
          <div key={side}>
            <SideBadge side={side} />
            <span className="visually-hidden">Side {side.toUpperCase()}: </span>
            <SideSampler side={side} />
          </div>
        ))}
        <div>
          <span className="quiet">Size</span>
          <SizeChoice />
        </div>
      </div>
    </section>
  );
}
