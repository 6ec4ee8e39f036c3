/** Figure 2 and Algorithm 1: what the laboratory is about. */
import type { ReactNode } from 'react';
import { Equation } from './equation.tsx';
import { FigureTwo } from './figure-two.tsx';
import { Section } from './section.tsx';

export function LabIntroduction(): ReactNode {
  return (
    <Section
      title="Lines that cross, a flow that can’t"
      prose={
        <>
          <p>
            Pair points of <Equation tex="\pi_0" /> with points of <Equation tex="\pi_1" /> and join them by
            lines, <Equation tex="X_t = t X_1 + (1 - t) X_0" />. The lines cross (a). A velocity field that is
            fitted to them,
          </p>
          <Equation
            display
            tex="\min_v\ \mathbb{E} \int_0^1 \lVert (X_1 - X_0) - v(X_t, t) \rVert^2 \, dt,"
          />
          <p>
            has one direction at every place and time, the mean of all lines there. So the paths of{' '}
            <Equation tex="\dot Z_t = v(Z_t, t)" /> can’t cross: they turn off (b), and arrive at the same{' '}
            <Equation tex="\pi_1" /> by another pairing.
          </p>
          <p>
            Reflow takes that pairing <Equation tex="(Z_0, Z_1)" /> and does the same again: its lines hardly
            cross (c), so the next flow hardly has to turn (d). Algorithm 1 draws pairs, trains{' '}
            <Equation tex="v" />, follows it to new pairs, and goes on: 1-flow, 2-flow, 3-flow.
          </p>
          <p>
            Colour tells where a particle started. A cross is where one single Euler step from the start
            lands, <Equation tex="Z_0 + v(Z_0, 0)" />.
          </p>
          <p className="quiet">
            After figure 2 and Algorithm 1 of Liu, Gong and Liu, Flow Straight and Fast (arXiv 2209.03003), as
            in InstaFlow (arXiv 2309.06380). Every number on this page is computed in it.
          </p>
        </>
      }
    >
      <FigureTwo />
    </Section>
  );
}
