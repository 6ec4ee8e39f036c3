/** Above the prompt: the engine failed (loud), or runs on less than hoped for (quiet). */
import { Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { SerializedEngineError } from '../../../worker/protocol.ts';
import { isDegraded } from '../../state/engine.ts';
import type { Recovery } from '../../state/recovery.ts';
import { sideNames } from '../../state/side.ts';
import { backendWithThreads } from '../../words/engine-words.ts';
import { errorText, errorWords, keptText, recoveryText } from '../../words/error-words.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useDispatch, useStudio } from '../studio-context.tsx';

function FailureBanner({ error }: { error: SerializedEngineError }): ReactNode {
  const choice = useStudio((state) => state.engine.choice);
  const kept = useStudio(({ sides }) => keptText(sideNames.filter((side) => sides[side].result !== null)));
  const { restartEngine } = useActions();
  const { title, sentences } = errorWords(error);
  return (
    <div className="banner" data-tone="warn" role="alert">
      <TriangleAlert className="glyph" aria-hidden="true" />
      <p>
        <b>{title}.</b> {sentences.join(' ')} {kept}
      </p>
      <div className="banner-actions">
        <Button className="button fill" onPress={() => void restartEngine(choice)}>
          Restart engine
        </Button>
        {choice !== 'wasm' && (error.code === 'backend-lost' || choice === 'webgpu') && (
          <Button className="button line" onPress={() => void restartEngine('wasm')}>
            Go on with WASM
          </Button>
        )}
        <CopyButton text={() => errorText(error)}>Copy details</CopyButton>
      </div>
    </div>
  );
}

function FallbackBanner(): ReactNode {
  const report = useStudio((state) => state.engine.report);
  const dispatch = useDispatch();
  if (report === null) return null;
  return (
    <section className="banner" data-tone="quiet" aria-label="Notice">
      <Info className="glyph" aria-hidden="true" />
      <p>
        {report.fallback} <b>The engine runs on {backendWithThreads(report)}.</b>
      </p>
      <IconButton icon={X} label="Close notice" onPress={() => dispatch({ type: 'notice-closed' })} />
    </section>
  );
}

function RecoveryBanner({ recovery }: { recovery: Recovery }): ReactNode {
  const dispatch = useDispatch();
  return (
    <section className="banner" data-tone="quiet" aria-label="Notice" role="status">
      <Info className="glyph" aria-hidden="true" />
      <p>{recoveryText(recovery)}</p>
      <IconButton icon={X} label="Close notice" onPress={() => dispatch({ type: 'recovery-closed' })} />
    </section>
  );
}

export function EngineBanner(): ReactNode {
  const engine = useStudio((state) => state.engine);
  if (engine.status === 'failed' && engine.error !== null) return <FailureBanner error={engine.error} />;
  if (engine.recovery !== null) return <RecoveryBanner recovery={engine.recovery} />;
  if (engine.status === 'ready' && isDegraded(engine.report) && !engine.noticeClosed)
    return <FallbackBanner />;
  return null;
}
