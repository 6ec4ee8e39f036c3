/** A message in a side's square: what happened and two ways out. The other side stays as it is. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { SerializedEngineError } from '../../../worker/protocol.ts';
import { isEngineFailure } from '../../state/engine.ts';
import type { SideName, SideRun } from '../../state/side.ts';
import { errorText, errorWords } from '../../words/error-words.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

interface ErrorMessageProps {
  readonly side: SideName;
  readonly error: SerializedEngineError;
  /** Files that the run was to add to the weights. */
  readonly adapterCount: number;
}

function ErrorMessage({ side, error, adapterCount }: ErrorMessageProps): ReactNode {
  const backend = useStudio((state) => state.engine.report?.backend);
  const { changeSide, draw, drawSide, restartEngine } = useActions();
  const { title, sentences, values } = errorWords(error);
  return (
    <div className="message" role="alert">
      <CircleAlert className="glyph" aria-hidden="true" />
      <h3>{title}</h3>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {values.length > 0 && (
        <dl>
          {values.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="ways-out">
        <Button className="button fill" onPress={() => drawSide(side)}>
          Try again
        </Button>
        {adapterCount > 0 && (
          <Button
            className="button line"
            onPress={() => {
              changeSide(side, { adapters: [] });
              draw();
            }}
          >
            Leave {adapterCount === 1 ? 'it' : 'them'} out
          </Button>
        )}
        {backend === 'webgpu' && (
          <Button className="button line" onPress={() => void restartEngine('wasm')}>
            Draw with WASM
          </Button>
        )}
        <CopyButton text={() => errorText(error)}>Copy details</CopyButton>
      </div>
    </div>
  );
}

/** Where a run ended before its picture. */
function StoppedPlate({ run }: { run: SideRun }): ReactNode {
  const steps = run.steps.length;
  return (
    <div className="plate">
      <b>{steps === 0 ? 'Cancelled' : `Stopped at step ${steps}`}</b>
      {steps > 0 ? (
        <span>Behind this note is the last end point. The next draw begins again from the noise.</span>
      ) : (
        run.previous !== null && <span>Behind this note is the picture drawn before.</span>
      )}
    </div>
  );
}

/** Over a side that live mode has gone on from. */
export function LeftBehindPlate(): ReactNode {
  return (
    <div className="plate">
      <b>From before</b>
      <span>Live redraws the one-step side. Press Enter to draw this one too.</span>
    </div>
  );
}

export function SideMessage({ side, run }: { side: SideName; run: SideRun }): ReactNode {
  // What concerns the engine as a whole is said in the banner.
  if (run.error !== null && !isEngineFailure(run.error))
    return <ErrorMessage side={side} error={run.error} adapterCount={run.request?.adapters?.length ?? 0} />;
  return run.stopped || run.error !== null ? <StoppedPlate run={run} /> : null;
}
