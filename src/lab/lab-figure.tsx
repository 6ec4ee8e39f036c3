/** Figure 2 by itself, for other pages: the laboratory's four panels, and a button that trains them. */
import { type ReactNode, useEffect, useState } from 'react';
import { openLaboratory } from './open-laboratory.ts';
import { openingSettings } from './state/share-link.ts';
import './styles/panels.css';
import { FigureTwo } from './views/figure-two.tsx';
import { JobButton } from './views/job-button.tsx';
import { LabProvider, useLab } from './views/lab-context.tsx';

function Training(): ReactNode {
  const trained = useLab((lab) => lab.flows.length >= 2);
  const job = useLab((lab) => lab.job);
  if (trained) return null;
  if (job !== null) return <p className="quiet">Training in this page: {job.losses.length} steps so far.</p>;
  return (
    <JobButton requests={[{ kind: 'flow' }, { kind: 'flow' }]}>Train both flows, here and now</JobButton>
  );
}

export function LabFigure(): ReactNode {
  const [lab] = useState(openLaboratory);
  useEffect(() => {
    if (lab.store.getState().draft === null) lab.actions.open({ settings: openingSettings, flows: 0 });
    return () => lab.playback.pause();
  }, [lab]);
  return (
    <LabProvider lab={lab}>
      <FigureTwo />
      <Training />
    </LabProvider>
  );
}
