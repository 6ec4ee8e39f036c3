/** The paper's comparisons, changing sides, and what both sides have in common. */
import { ArrowLeftRight } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { planDraw } from '../../state/draw-plan.ts';
import { type NoiseRelation, noiseRelation } from '../../state/noise-relation.ts';
import { presetOfSettings, presetsOf } from '../../state/presets.ts';
import { modelOfSide } from '../../state/side-models.ts';
import type { StudioState } from '../../state/studio.ts';
import { noiseRelationText } from '../../words/setting-words.ts';
import { Choice } from '../controls/choice.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

const bothModels = (state: StudioState) => ({ a: modelOfSide(state, 'a'), b: modelOfSide(state, 'b') });

/** What the settings' two sides begin from; null before there are models. */
function wantedRelation(state: StudioState): NoiseRelation | null {
  const { a, b } = bothModels(state);
  return a === null || b === null ? null : noiseRelation(planDraw(state.settings, { a, b }), { a, b });
}

function SwapButton(): ReactNode {
  const drawing = useStudio((state) => state.run !== null);
  const { swap } = useActions();
  return (
    <IconButton
      icon={ArrowLeftRight}
      label="Swap sides"
      hint="Swap A and B (X)"
      isDisabled={drawing}
      onPress={swap}
    />
  );
}

export function ComparisonSettings(): ReactNode {
  const catalogue = useStudio((state) => state.engine.models);
  const presets = useMemo(() => presetsOf(catalogue), [catalogue]);
  const chosen = useStudio(
    (state) => presetOfSettings(presets, state.settings, bothModels(state))?.id ?? null,
  );
  const relation = useStudio(wantedRelation);
  const { compare } = useActions();
  return (
    <section className="group" aria-label="Comparison">
      <div className="group-head">
        <h2>Comparison</h2>
        <SwapButton />
      </div>
      {presets.length > 0 && (
        <Choice
          label="Comparison of the paper"
          options={presets}
          value={chosen}
          placeholder="Your own"
          onChange={(id) => {
            const preset = presets.find((candidate) => candidate.id === id);
            if (preset !== undefined) compare(preset.sides);
          }}
        />
      )}
      {relation !== null && (
        <p className="note" data-relation={relation}>
          {noiseRelationText[relation]}
        </p>
      )}
    </section>
  );
}
