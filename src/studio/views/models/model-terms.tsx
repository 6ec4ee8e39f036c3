/** Before the first byte: size, room, source, licence, and that nothing checks the pictures. */
import { type ReactNode, useId } from 'react';
import { Button, Checkbox, Switch } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import type { DownloadPlan } from '../../../worker/store-protocol.ts';
import { shownTerms } from '../../state/models.ts';
import { bytesText } from '../../words/byte-words.ts';
import { useModels, useModelsActions } from './models-context.tsx';

function sourceText({ request }: DownloadPlan): string {
  return request.parts.map(({ source }) => (source.kind === 'hub' ? source.id : source.url)).join(', ');
}

function Facts({ plan }: { plan: DownloadPlan }): ReactNode {
  const here = plan.sizeBytes - plan.downloadBytes;
  const rows: readonly (readonly [string, string])[] = [
    [
      'Download',
      `${bytesText(plan.downloadBytes)}${here > 0 ? `; ${bytesText(here)} are here already` : ''}`,
    ],
    ['Kept in this browser', `about ${bytesText(plan.storeBytes)}`],
    ['Room', `${bytesText(plan.freeBytes)}, as the browser estimates it`],
    ['Source', sourceText(plan)],
    ...(plan.gated ? [['Access', 'Gated: needs an account and a token'] as const] : []),
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ModelTerms(): ReactNode {
  const terms = useModels(useShallow(shownTerms));
  const { plan, isPlanning, accepted, half } = useModels(
    useShallow(({ plan, isPlanning, accepted, half }) => ({ plan, isPlanning, accepted, half })),
  );
  const { change, download, leave, want } = useModelsActions();
  const wanted = useModels((state) => state.wanted);
  const notesId = useId();
  if (terms === null || wanted === null) return null;
  if (plan === null && !isPlanning) {
    // Why there is none stands above. Nothing to accept yet.
    return (
      <section className="model-terms" aria-label={`Get ${terms.title}`}>
        <h3>Get {terms.title}</h3>
        <footer>
          <Button className="button" onPress={leave}>
            Not now
          </Button>
          <Button className="button line" onPress={() => want(wanted)}>
            Ask again
          </Button>
        </footer>
      </section>
    );
  }
  return (
    <section className="model-terms" aria-label={`Get ${terms.title}`}>
      <h3>Get {terms.title}</h3>
      {plan !== null && <Facts plan={plan} />}
      {isPlanning && (
        <p className="note" role="status">
          Asking the hub how large it is.
        </p>
      )}
      <Switch className="switch" isSelected={half} onChange={(on) => change({ half: on })}>
        <span className="switch-track" aria-hidden="true" />
        Keep weights as float16: half the room, pictures hardly differ
      </Switch>
      <p id={notesId}>
        Licence:{' '}
        {terms.url === null ? (
          terms.licence
        ) : (
          <a href={terms.url} target="_blank" rel="noreferrer">
            {terms.licence}
          </a>
        )}
        . {terms.notes}
      </p>
      <Checkbox
        className="checkbox"
        aria-describedby={notesId}
        isSelected={accepted}
        onChange={(on) => change({ accepted: on })}
      >
        <span className="checkbox-box" aria-hidden="true" />I accept the licence, and that no safety checker
        runs
      </Checkbox>
      <footer>
        <Button className="button" onPress={leave}>
          Not now
        </Button>
        <Button className="button fill" isDisabled={plan === null || !accepted} onPress={download}>
          Download{plan !== null && ` ${bytesText(plan.downloadBytes)}`}
        </Button>
      </footer>
    </section>
  );
}
