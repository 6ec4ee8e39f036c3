/** The paper's comparisons, changing sides, and what both sides have in common. */
import { ArrowLeftRight } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { planDraw } from '../../state/draw-plan.ts';
import { noiseRelation } from '../../state/noise-relation.ts';
import { presetOfSettings, presetsOf } from '../../state/presets.ts';
import { modelOfSide } from '../../state/side-models.ts';
import { noiseRelationText } from '../../words/setting-words.ts';
import { Choice } from '../controls/choice.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

export function ComparisonSettings(): ReactNode {
  const catalogue = useStudio((state) => state.engine.models);
  const settings = useStudio((state) => state.settings);
  const a = useStudio((state) => modelOfSide(state, 'a'));
  const b = useStudio((state) => modelOfSide(state, 'b'));
  const drawing = useStudio((state) => state.run !== null);
  const { compare, swap } = useActions();
  const presets = useMemo(() => presetsOf(catalogue), [catalogue]);
  const chosen = presetOfSettings(presets, settings, { a, b });
  const relation = a === null || b === null ? null : noiseRelation(planDraw(settings, { a, b }), { a, b });
  return (
    <section className="group" aria-label="Comparison">
      <div className="group-head">
        <h2>Comparison</h2>
        <IconButton
          icon={ArrowLeftRight}
          label="Swap sides"
          hint="Swap A and B (X)"
          isDisabled={drawing}
          onPress={swap}
        />
      </div>
      {presets.length > 0 && (
        <Choice
          label="Comparison of the paper"
          options={presets}
          value={chosen?.id ?? null}
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
