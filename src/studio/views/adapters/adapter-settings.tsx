/** LoRA files and U-Nets: which are here, how strongly each side uses them, what a U-Net is the difference from. */
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { fullStrength, type PresentAdapter, strengthOf, strengthRange } from '../../state/adapters.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { adapterText } from '../../words/adapter-words.ts';
import { Choice } from '../controls/choice.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { SliderField } from '../controls/slider-field.tsx';
import { useStudio } from '../studio-context.tsx';
import { useAdapterActions, useAdapters } from './adapters-context.tsx';

const stepSize = 0.05;
const digits: Intl.NumberFormatOptions = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const { minimum, maximum } = strengthRange;

function Strength({ side, id }: { side: SideName; id: string }): ReactNode {
  const strength = useStudio((state) => strengthOf(state.settings.sides[side], id));
  const { changeStrength } = useAdapterActions();
  const set = (value: number): void => changeStrength(side, id, Number.isNaN(value) ? 0 : value);
  const name = `Strength of ${id} on side ${side.toUpperCase()}`;
  return (
    <>
      <SideBadge side={side} />
      <SliderField
        sliderLabel={name}
        fieldLabel={`${name}, as a number`}
        minimum={minimum}
        maximum={maximum}
        stepSize={stepSize}
        digits={digits}
        value={strength}
        onChange={set}
        onReset={() => set(fullStrength)}
      />
    </>
  );
}

/** A whole network says nothing of what is new in it: that is its difference from the one it was tuned from. */
function Original({ adapter }: { adapter: PresentAdapter }): ReactNode {
  const models = useStudio((state) => state.engine.models);
  const { chooseOriginal } = useAdapterActions();
  return (
    <>
      <Choice
        label="Minus the network of"
        labelShown
        options={models.map(({ id, title }) => ({ id, name: title }))}
        value={adapter.original}
        placeholder="Choose a model"
        onChange={(model) => chooseOriginal(adapter.id, model)}
      />
      {adapter.original === null && (
        <p className="note">Nothing is added until the model is chosen that it was tuned from.</p>
      )}
    </>
  );
}

function AdapterRow({ adapter }: { adapter: PresentAdapter }): ReactNode {
  const { remove } = useAdapterActions();
  return (
    <li className="adapter">
      <div className="adapter-head">
        <b>{adapter.id}</b>
        <IconButton icon={X} label={`Remove ${adapter.id}`} onPress={() => remove(adapter.id)} />
        <small>{adapterText(adapter)}</small>
      </div>
      {adapter.summary.kind === 'unet' && <Original adapter={adapter} />}
      <div className="guidance">
        {sideNames.map((side) => (
          <Strength key={side} side={side} id={adapter.id} />
        ))}
      </div>
    </li>
  );
}

export function AdapterSettings(): ReactNode {
  const present = useAdapters((state) => state.present);
  const { add } = useAdapterActions();
  return (
    <section className="group adapters" aria-label="LoRA">
      <div className="group-head">
        <h2>LoRA</h2>
        <FileTrigger
          acceptedFileTypes={['.safetensors', '.json']}
          allowsMultiple
          onSelect={(files) => files !== null && void add([...files])}
        >
          <Button className="button">
            <Plus className="glyph" aria-hidden="true" />
            Add a file
          </Button>
        </FileTrigger>
      </div>
      {present.length === 0 ? (
        <p className="note">
          A LoRA, or the U-Net of another model, added to the weights: of several files, all of them together.
          Drop them anywhere on the page; they are read from this disk and kept nowhere.
        </p>
      ) : (
        <>
          <ul className="adapter-list">
            {present.map((adapter) => (
              <AdapterRow key={adapter.id} adapter={adapter} />
            ))}
          </ul>
          <p className="note">
            At 0, and without the file, a side draws with its exact weights. A saved picture names the file; a
            link can't carry it and draws without.
          </p>
        </>
      )}
    </section>
  );
}
