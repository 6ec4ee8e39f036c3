/** The straight interpolation and diffusion's curved one, side by side, and the flows that they lead to. */
import { type ReactNode, useMemo } from 'react';
import { coloursByStart, interpolationPath, type Scene } from '../drawing/scene.ts';
import type { InterpolationKind } from '../flow/interpolation.ts';
import { drawnPaths } from '../flow/laboratory-settings.ts';
import { distanceText, measureText } from '../words/figures.ts';
import type { FlowResult } from '../worker/protocol.ts';
import { Equation } from './equation.tsx';
import { JobButton } from './job-button.tsx';
import { useLab } from './lab-context.tsx';
import { Panel } from './panel.tsx';
import { Section } from './section.tsx';

const names: Readonly<Record<InterpolationKind, string>> = { straight: 'Straight', diffusion: 'Diffusion' };

/** S over the mean squared way: comparable between flows. */
function noteOf({ straightness, coupling, distances }: FlowResult): string {
  const oneStep = distances.find(({ steps }) => steps === 1);
  const relative = measureText(straightness / coupling.transportCost);
  return `S = ${relative} of the cost, one step ${oneStep === undefined ? '–' : distanceText(oneStep.distance)}`;
}

function Pair({ kind, flow }: { kind: InterpolationKind; flow: FlowResult | null }): ReactNode {
  const pairs = useLab((lab) => lab.draft?.pairs);
  const lines = useMemo<Scene | null>(
    () =>
      pairs === undefined
        ? null
        : { path: interpolationPath(pairs, kind), colours: coloursByStart(pairs.starts), drawnPaths },
    [pairs, kind],
  );
  const paths = useMemo<Scene | null>(
    () =>
      flow === null || pairs === undefined
        ? null
        : { path: flow.path, colours: coloursByStart(pairs.starts), drawnPaths },
    [flow, pairs],
  );
  return (
    <>
      <Panel
        title={`${names[kind]}: interpolation`}
        scene={lines}
        label={`${names[kind]} interpolation between the pairs as drawn.`}
        empty="Drawing the pairs"
      />
      <Panel
        title={`${names[kind]}: its flow`}
        note={flow === null ? undefined : noteOf(flow)}
        scene={paths}
        label={`Paths of the flow that learnt from the ${names[kind].toLowerCase()} interpolation.`}
        empty={kind === 'straight' ? 'Train the 1-flow' : 'Train the diffusion flow'}
      />
    </>
  );
}

export function Interpolations(): ReactNode {
  const straight = useLab((lab) => lab.flows[0] ?? null);
  const diffusion = useLab((lab) => lab.diffusion);
  return (
    <Section
      title="Why diffusion paths bend"
      prose={
        <>
          <p>Any interpolation that starts and ends right gives a flow from one distribution to the other:</p>
          <Equation display tex="\min_v\ \mathbb{E} \int_0^1 \lVert \dot X_t - v(X_t, t) \rVert^2 \, dt." />
          <p>
            Rectified flow takes the straight line, <Equation tex="X_t = t X_1 + (1 - t) X_0" />. Diffusion’s
            ODE, which DDIM follows, is the same with
          </p>
          <Equation display tex="X_t = \alpha_t X_1 + \sqrt{1 - \alpha_t^2}\; X_0," />
          <Equation display tex="\alpha_t = e^{-\frac{19.9}{4}(1 - t)^2 - \frac{0.1}{2}(1 - t)}." />
          <p>
            Its way bends towards the middle and is walked at an uneven pace: little at first, most of it
            late. A flow that learns from it inherits both. S is given over the transport cost, so that the
            two compare.
          </p>
          <JobButton requests={[{ kind: 'diffusion' }]}>Train the diffusion flow</JobButton>
        </>
      }
    >
      <div className="panels">
        <Pair kind="straight" flow={straight} />
        <Pair kind="diffusion" flow={diffusion} />
      </div>
    </Section>
  );
}
