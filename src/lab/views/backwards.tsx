/** From data to noise along a flow's own ODE, and forth again. */
import { type ReactNode, useMemo, useState } from 'react';
import { coloursByStart, type Scene } from '../drawing/scene.ts';
import { drawnPaths } from '../flow/laboratory-settings.ts';
import { distanceText, measureText } from '../words/figures.ts';
import { Equation } from './equation.tsx';
import { JobButton } from './job-button.tsx';
import { useLab } from './lab-context.tsx';
import { Panel } from './panel.tsx';
import { Section } from './section.tsx';
import { Segments } from './segments.tsx';

type FlowName = '1' | '2' | '3';

export function Backwards(): ReactNode {
  const trip = useLab((lab) => lab.roundTrip);
  const [flow, setFlow] = useState<FlowName>('1');
  const scenes = useMemo<{ back: Scene; forth: Scene } | null>(() => {
    if (trip === null) return null;
    // Coloured by the data that both ways have in common.
    const colours = coloursByStart(trip.back.states.subarray(0, 2 * trip.back.count));
    return {
      back: { path: trip.back, colours, drawnPaths },
      forth: { path: trip.forth, colours, drawnPaths },
    };
  }, [trip]);
  return (
    <Section
      title="Backwards, and forth again"
      prose={
        <>
          <p>
            The ODE <Equation tex="\dot Z_t = v(Z_t, t)" /> can be followed from <Equation tex="t = 1" /> to
            0: data becomes the noise that it comes from, without any inversion being learnt. Followed forth
            again it returns, but for Euler’s error, which straight paths hardly have.
          </p>
          <Segments
            label="Flow to follow"
            options={[
              ['1', '1-flow'],
              ['2', '2-flow'],
              ['3', '3-flow'],
            ]}
            value={flow}
            onChange={setFlow}
          />
          <JobButton requests={[{ kind: 'round-trip', flow: Number(flow) }]}>
            Go back along the {flow}-flow
          </JobButton>
        </>
      }
    >
      <div className="panels">
        <Panel
          title="From data to noise"
          note={trip === null ? undefined : `${distanceText(trip.distance)} from π₀`}
          scene={scenes?.back ?? null}
          label="The end distribution’s points on their way back to the start distribution."
          empty="Not followed yet"
        />
        <Panel
          title="And forth again"
          note={trip === null ? undefined : `back within ${measureText(trip.miss)}, ${trip.flow}-flow`}
          scene={scenes?.forth ?? null}
          label="The same points on their way forth again."
          empty="Not followed yet"
        />
      </div>
    </Section>
  );
}
