/** What the laboratory is made of; every change starts it anew. */
import { Dices, Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Choice } from '../../studio/views/controls/choice.tsx';
import { IconButton } from '../../studio/views/controls/icon-button.tsx';
import { type PresetName, presetNames } from '../flow/distributions.ts';
import { ranges } from '../state/share-link.ts';
import { presetTitles } from '../words/names.ts';
import { DrawingPad } from './drawing-pad.tsx';
import { useLab, useLabActions } from './lab-context.tsx';
import { NumberSetting } from './number-setting.tsx';
import { Segments } from './segments.tsx';

type End = 'from' | 'to';
const endNames: Readonly<Record<End, string>> = { from: 'Start π₀', to: 'End π₁' };

function DistributionChoice({ end }: { end: End }): ReactNode {
  const distribution = useLab((lab) => lab.settings[end]);
  const { change } = useLabActions();
  const [drawing, setDrawing] = useState(false);
  const options = presetNames.map((name) => ({ id: name, name: presetTitles[name] }));
  return (
    <div className="distribution">
      <Choice
        label={endNames[end]}
        labelShown
        options={options}
        value={distribution.kind === 'preset' ? distribution.name : null}
        placeholder="Drawn by you"
        onChange={(id) => change({ [end]: { kind: 'preset', name: id as PresetName } })}
      />
      <IconButton
        icon={Pencil}
        label={`Draw ${end === 'from' ? 'the start' : 'the end'} yourself`}
        onPress={() => setDrawing(true)}
      />
      <DrawingPad
        isOpen={drawing}
        title={end === 'from' ? 'Draw the start, π₀' : 'Draw the end, π₁'}
        strokes={distribution.kind === 'drawn' ? distribution.strokes : []}
        onClose={() => setDrawing(false)}
        onDrawn={(strokes) => change({ [end]: { kind: 'drawn', strokes } })}
      />
    </div>
  );
}

export function Distributions(): ReactNode {
  const coupling = useLab((lab) => lab.settings.coupling);
  const { change } = useLabActions();
  return (
    <section className="group" aria-label="Distributions">
      <h2>Distributions</h2>
      <DistributionChoice end="from" />
      <DistributionChoice end="to" />
      <Segments
        label="Coupling"
        options={[
          ['independent', 'Paired at random'],
          ['given', 'In order'],
        ]}
        value={coupling}
        onChange={(kind) => change({ coupling: kind })}
      />
      <p className="note">
        {coupling === 'independent'
          ? 'Every start may go to every end.'
          : 'Both shapes are walked along, and the k-th start goes to the k-th end.'}
      </p>
    </section>
  );
}

export function VelocityModelSettings(): ReactNode {
  const { model, steps, bandwidth, seed } = useLab((lab) => lab.settings);
  const { change } = useLabActions();
  const anotherSeed = (): void => change({ seed: Math.floor(Math.random() * 100_000) });
  return (
    <section className="group" aria-label="Velocity">
      <h2>Velocity</h2>
      <Segments
        label="How v is found"
        options={[
          ['network', 'Network'],
          ['kernel', 'Kernel'],
        ]}
        value={model}
        onChange={(next) => change({ model: next })}
      />
      <p className="note">
        {model === 'network'
          ? 'Three hidden layers of 64, trained on batches of 256.'
          : 'No training: the mean over 1,000 pairs, weighted by a Gaussian.'}
      </p>
      {model === 'network' ? (
        <NumberSetting
          label="Training steps"
          value={steps}
          range={ranges.steps}
          onChange={(next) => change({ steps: next })}
        />
      ) : (
        <NumberSetting
          label="Bandwidth"
          value={bandwidth}
          step={0.01}
          range={ranges.bandwidth}
          onChange={(next) => change({ bandwidth: next })}
        />
      )}
      <div className="row">
        <NumberSetting
          label="Seed"
          value={seed}
          range={ranges.seed}
          onChange={(next) => change({ seed: next })}
        />
        <IconButton icon={Dices} label="Another seed" onPress={anotherSeed} />
      </div>
    </section>
  );
}
