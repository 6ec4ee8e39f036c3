/** Seed: the number that the starting noise is made from, with dice and lock. */
import { Dices, Lock, LockOpen } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, NumberField } from 'react-aria-components';
import { seedProblem, seedRange } from '../../state/settings.ts';
import { IconButton, IconToggle } from '../controls/icon-button.tsx';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { SeedStrip } from './seed-strip.tsx';

const plainDigits: Intl.NumberFormatOptions = { useGrouping: false, maximumFractionDigits: 0 };

export function NoiseSettings({ field }: { field: Ref<HTMLInputElement> }): ReactNode {
  const seed = useStudio((state) => state.settings.seed);
  const locked = useStudio((state) => state.settings.seedLocked);
  const noise = useStudio((state) => state.sides.a.noise ?? state.sides.b.noise);
  const { change, randomSeed } = useActions();
  const problem = seedProblem(seed);
  return (
    <section className="group" aria-label="Noise">
      <div className="group-head">
        <h2>Noise</h2>
        <div className="row">
          <IconButton icon={Dices} label="Random noise" hint="Random (Shift R)" onPress={randomSeed} />
          <IconToggle
            icon={locked ? Lock : LockOpen}
            label="Keep this noise"
            hint={locked ? 'Kept for every draw' : 'Every draw takes new noise'}
            isSelected={locked}
            onChange={(seedLocked) => change({ seedLocked })}
          />
        </div>
      </div>
      <div className="seed-row">
        <PictureCanvas picture={noise} label="" className="noise-thumb" />
        <NumberField
          className="number-field"
          value={seed}
          minValue={seedRange.minimum}
          maxValue={seedRange.maximum}
          commitBehavior="validate"
          formatOptions={plainDigits}
          isInvalid={problem !== ''}
          // A seed that was typed is meant to be kept.
          onChange={(value) => change({ seed: value, seedLocked: true })}
        >
          <div className="field">
            <Label>Seed</Label>
            <Input ref={field} />
          </div>
          <FieldError className="field-error">{problem}</FieldError>
        </NumberField>
      </div>
      <SeedStrip />
    </section>
  );
}
