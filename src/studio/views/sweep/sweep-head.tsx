/** What is swept: models, step counts, start and stop, and the figure as a file. */
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import {
  Button,
  FieldError,
  Input,
  Label,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { parseCounts, sweepModels } from '../../state/sweep.ts';
import { useDispatch, useStudio } from '../studio-context.tsx';

function CountsField(): ReactNode {
  const counts = useStudio((state) => state.sweep.counts);
  const dispatch = useDispatch();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? counts.join(', ');
  const wrong = parseCounts(text) === null;
  return (
    <TextField
      className="text-field counts-field"
      value={text}
      isInvalid={wrong}
      onChange={(value) => {
        setTyped(value);
        const parsed = parseCounts(value);
        if (parsed !== null) dispatch({ type: 'sweep-changed', change: { counts: parsed } });
      }}
      onBlur={() => wrong || setTyped(null)}
    >
      <div className="field">
        <Label>Columns, N</Label>
        <Input autoComplete="off" inputMode="numeric" />
      </div>
      <FieldError className="field-error">1 to 10 whole numbers, 1 to 1000</FieldError>
    </TextField>
  );
}

function ModelToggles(): ReactNode {
  const models = useStudio((state) => state.engine.models);
  const chosen = useStudio((state) =>
    sweepModels(state)
      .map(({ id }) => id)
      .join(' '),
  );
  const dispatch = useDispatch();
  return (
    <ToggleButtonGroup
      className="row wrap"
      aria-label="Models"
      selectionMode="multiple"
      disallowEmptySelection
      selectedKeys={chosen.split(' ')}
      onSelectionChange={(keys) =>
        dispatch({ type: 'sweep-changed', change: { models: [...keys].map(String) } })
      }
    >
      {models.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className="chip">
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

interface SweepHeadProps {
  /** '7 of 12 pictures' */
  readonly progress: string;
  /** null while there is nothing to save. */
  readonly onSave: (() => void) | null;
  readonly saved: string;
}

export function SweepHead({ progress, onSave, saved }: SweepHeadProps): ReactNode {
  const running = useStudio((state) => state.sweep.running);
  const ready = useStudio((state) => state.engine.status === 'ready');
  const dispatch = useDispatch();
  return (
    <div className="sweep-head">
      <ModelToggles />
      <CountsField />
      <div className="sweep-actions">
        <span className="quiet numbers" role="status">
          {saved === '' ? progress : saved}
        </span>
        <Button className="button" isDisabled={onSave === null} onPress={() => onSave?.()}>
          <Download className="glyph" aria-hidden="true" />
          Save figure
        </Button>
        <Button
          className={`button ${running ? 'line' : 'fill'}`}
          isDisabled={!ready}
          onPress={() => dispatch({ type: running ? 'sweep-stopped' : 'sweep-started' })}
        >
          {running ? 'Stop' : 'Draw the sweep'}
        </Button>
      </div>
    </div>
  );
}
