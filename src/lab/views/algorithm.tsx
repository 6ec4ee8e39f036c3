/** Algorithm 1 by button: the next flow, all of them, pause, one step, reset; the loss as it falls. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { studentSteps } from '../flow/laboratory-settings.ts';
import { type Laboratory, lastFlow, obstacleTo } from '../state/laboratory.ts';
import { measureText } from '../words/figures.ts';
import { jobTitle } from '../words/names.ts';
import { useLab, useLabActions } from './lab-context.tsx';
import { LossCurve } from './loss-curve.tsx';

/** What is going on, in one line. */
function statusText({ job, draft, flows, settings, error }: Laboratory): string {
  if (error !== null) return error;
  if (draft === null) return 'Drawing the pairs';
  if (job === null) {
    return flows.length === 0 ? 'Nothing trained yet' : `${flows.length} of ${lastFlow} flows trained`;
  }
  const title = jobTitle(job.request, flows.length);
  if (job.paused) return `${title}: paused after ${job.losses.length} steps`;
  const steps = job.request.kind === 'student' ? studentSteps : settings.steps;
  if (job.stage === 'measuring') return `${title}: following and measuring`;
  const loss = job.losses.at(-1);
  const behind = loss === undefined ? '' : `, loss ${measureText(loss)}`;
  return `${title}: step ${job.losses.length} of ${steps}${behind}`;
}

export function Algorithm(): ReactNode {
  const lab = useLab((state) => state);
  const { run, runAll, pause, resume, step, reset } = useLabActions();
  const { job, flows, settings, lastLosses } = lab;
  const next = Math.min(flows.length + 1, lastFlow);
  const obstacle = obstacleTo(lab, { kind: 'flow' });
  const paused = job?.paused === true;
  const rest = Array.from({ length: lastFlow - flows.length }, () => ({ kind: 'flow' as const }));
  return (
    <section className="group algorithm" aria-label="Algorithm 1">
      <h2>Reflow, Algorithm 1</h2>
      {job === null ? (
        <Button className="button fill" isDisabled={obstacle !== null} onPress={() => run({ kind: 'flow' })}>
          {flows.length >= lastFlow ? 'All flows trained' : `Train the ${next}-flow`}
        </Button>
      ) : (
        <Button className="button fill" onPress={paused ? resume : pause}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
      )}
      <div className="row wide-row">
        {job === null ? (
          <Button className="button line" isDisabled={obstacle !== null} onPress={() => runAll(rest)}>
            Up to the 3-flow
          </Button>
        ) : (
          <Button className="button line" isDisabled={!paused} onPress={step}>
            One step
          </Button>
        )}
        <Button className="button" onPress={reset}>
          Reset
        </Button>
      </div>
      <LossCurve losses={job?.losses ?? lastLosses} steps={settings.steps} />
      <p className={lab.error === null ? 'note numbers' : 'note field-error'} data-status>
        {statusText(lab)}
      </p>
    </section>
  );
}
