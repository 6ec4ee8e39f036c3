/** The laboratory: rectified flow and reflow in the plane, trained in front of the reader. */
import { type ReactNode, useEffect, useState } from 'react';
import { parsePlace } from '../route.ts';
import { CopyButton } from '../studio/views/controls/copy-button.tsx';
import { phoneQuery, useMediaQuery } from '../studio/views/shell/media-query.ts';
import { keepInAddress, openLaboratory } from './open-laboratory.ts';
import type { Laboratory } from './state/laboratory.ts';
import { type Place, readPlace, writePlace } from './state/share-link.ts';
import './styles/lab.css';
import './styles/panels.css';
import { Algorithm } from './views/algorithm.tsx';
import { Backwards } from './views/backwards.tsx';
import { Distillation } from './views/distillation.tsx';
import { ForwardProcess } from './views/forward-process.tsx';
import { Interpolations } from './views/interpolations.tsx';
import { LabIntroduction } from './views/introduction.tsx';
import { LabProvider } from './views/lab-context.tsx';
import { usePlaybackKey } from './views/playback-key.ts';
import { Quality, Straightness } from './views/rounds.tsx';
import { SaveFigure } from './views/save-figure.tsx';
import { Distributions, VelocityModelSettings } from './views/settings.tsx';

const samePlace = (lab: Laboratory, { settings, flows }: Place): boolean =>
  writePlace({ settings, flows: 0 }).toString() ===
    writePlace({ settings: lab.settings, flows: 0 }).toString() && flows <= lab.flows.length;

function Settings(): ReactNode {
  return (
    <>
      <Distributions />
      <Algorithm />
      <VelocityModelSettings />
    </>
  );
}

export function LabPage(): ReactNode {
  // There the figure comes first: beside the settings there is no room for it.
  const onPhone = useMediaQuery(phoneQuery);
  const [lab] = useState(openLaboratory);
  useEffect(() => {
    const follow = (): void => {
      const { route, parameters } = parsePlace(location.hash);
      if (route !== 'lab') return;
      const state = lab.store.getState();
      // The way back from another page: what is there stays.
      const returning = parameters.size === 0 && state.draft !== null;
      if (returning) keepInAddress({ settings: state.settings, flows: state.flows.length });
      else if (state.draft === null || !samePlace(state, readPlace(parameters))) {
        lab.actions.open(readPlace(parameters));
      }
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => {
      window.removeEventListener('hashchange', follow);
      lab.playback.pause();
    };
  }, [lab]);
  usePlaybackKey(lab.playback);
  return (
    <LabProvider lab={lab}>
      <section className="lab-head" aria-label="Laboratory">
        <h2>Rectified flow in the plane</h2>
        <div className="row">
          <CopyButton text={() => location.href}>Copy link</CopyButton>
          <SaveFigure />
        </div>
      </section>
      {!onPhone && (
        <aside className="lab-settings" aria-label="Settings">
          <Settings />
        </aside>
      )}
      <main className="lab-main">
        <LabIntroduction />
        {onPhone && (
          <section className="lab-settings" aria-label="Settings">
            <Settings />
          </section>
        )}
        <Straightness />
        <Quality />
        <Distillation />
        <Interpolations />
        <ForwardProcess />
        <Backwards />
      </main>
    </LabProvider>
  );
}
