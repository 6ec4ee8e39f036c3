/** Every number of every round, as a table and as two plots. */
import type { ReactNode } from 'react';
import { drawnPaths, pageScale } from '../flow/laboratory-settings.ts';
import { lastFlow } from '../state/laboratory.ts';
import { countText, distanceText, measureText } from '../words/figures.ts';
import type { FlowResult } from '../worker/protocol.ts';
import { Equation } from './equation.tsx';
import { useLab } from './lab-context.tsx';
import { LogPlot } from './log-plot.tsx';
import { Section } from './section.tsx';

/** Below this, S is rounding. */
const straightFloor = 1e-4;
/** Energy distances below the sampling error can't be told apart: they stand at the foot of the plots. */
export const distanceFloor = 1e-3;
const measuredN = [1, 2, 4, 8, 16, 32, 64, pageScale.pathSteps];
const flowStrokes = ['first', 'second', 'third'] as const;

const strokeOf = (round: number): (typeof flowStrokes)[number] => flowStrokes[round] ?? 'third';

function distancesInWords(flows: readonly FlowResult[], n: number): string {
  return flows
    .map(({ distances }, k) => {
      const found = distances.find(({ steps }) => steps === n);
      return `${k + 1}-flow ${found === undefined ? '' : distanceText(found.distance)}`;
    })
    .join(', ');
}

function RoundsTable(): ReactNode {
  const draft = useLab((lab) => lab.draft);
  const flows = useLab((lab) => lab.flows);
  return (
    <table className="numbers-table">
      <caption className="visually-hidden">Measures of the coupling and of every flow</caption>
      <thead>
        <tr>
          <th scope="col">Round</th>
          <th scope="col">S(Z)</th>
          <th scope="col">Crossing lines</th>
          <th scope="col">Crossing paths</th>
          <th scope="col">Transport cost</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Pairs as drawn</th>
          <td>–</td>
          <td>{draft === null ? '–' : countText(draft.coupling.lineCrossings)}</td>
          <td>–</td>
          <td>{draft === null ? '–' : measureText(draft.coupling.transportCost)}</td>
        </tr>
        {Array.from({ length: lastFlow }, (_, k) => flows[k]).map((flow, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the round is what a row is
          <tr key={k}>
            <th scope="row">{k + 1}-flow</th>
            <td>{flow === undefined ? '–' : measureText(flow.straightness)}</td>
            <td>{flow === undefined ? '–' : countText(flow.coupling.lineCrossings)}</td>
            <td>{flow === undefined ? '–' : countText(flow.pathCrossings)}</td>
            <td>{flow === undefined ? '–' : measureText(flow.coupling.transportCost)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Straightness(): ReactNode {
  const flows = useLab((lab) => lab.flows);
  return (
    <Section
      title="Straighter at every round"
      prose={
        <>
          <p>Straightness is how far the velocity strays from the way that is finally made,</p>
          <Equation
            display
            tex="S(Z) = \int_0^1 \mathbb{E}\,\lVert (Z_1 - Z_0) - v(Z_t, t) \rVert^2 \, dt,"
          />
          <p>
            and 0 means that one Euler step is exact. Reflow also makes no transport dearer:{' '}
            <Equation tex="\mathbb{E}\lVert Z_1 - Z_0\rVert^2" /> falls or stays.
          </p>
          <p>
            Crossings are counted among {drawnPaths} lines, as they lie on the page. Paths of a flow may pass
            the same place one after the other, but never at the same time: there the velocity would have to
            be two things at once.
          </p>
        </>
      }
    >
      <div className="plot-and-table">
        <LogPlot
          label={
            flows.length === 0
              ? 'Straightness by round: nothing measured yet'
              : `Straightness by round: ${flows.map(({ straightness }) => measureText(straightness)).join(', ')}`
          }
          series={[
            {
              name: 'S',
              stroke: 'first',
              points: flows.map(({ straightness }, k) => [k + 1, straightness]),
            },
          ]}
          columns={[1, 2, 3]}
          columnName="S(Z) by round"
          floor={straightFloor}
        />
        <RoundsTable />
      </div>
    </Section>
  );
}

export function Quality(): ReactNode {
  const flows = useLab((lab) => lab.flows);
  const floor = useLab((lab) => lab.draft?.floor);
  return (
    <Section
      title="How many steps it takes"
      prose={
        <>
          <p>Euler’s rule follows the flow in N equal steps,</p>
          <Equation display tex="Z_{t + 1/N} = Z_t + \tfrac{1}{N}\, v(Z_t, t)." />
          <p>
            Each end is held against <Equation tex="\pi_1" /> by the energy distance{' '}
            <Equation tex="2\,\mathbb{E}\lVert X - Y\rVert - \mathbb{E}\lVert X - X'\rVert - \mathbb{E}\lVert Y - Y'\rVert" />
            , which is 0 for the same distribution. The 1-flow needs many steps; its single step lands in the
            middle of everything that a start could become. After reflow one step is nearly as good as a
            hundred.
          </p>
          {floor !== undefined && (
            <p className="quiet">
              Two samples of <Equation tex="\pi_1" /> itself come out {distanceText(floor)} apart here. What
              is below 0.001 can’t be told from 0, and stands at the foot of the plot.
            </p>
          )}
        </>
      }
    >
      <div className="plot-and-table">
        <LogPlot
          label={
            flows.length === 0
              ? 'Energy distance by number of steps: nothing measured yet'
              : `Energy distance to π1 in one step: ${distancesInWords(flows, 1)}; in ${pageScale.pathSteps}: ${distancesInWords(flows, pageScale.pathSteps)}`
          }
          series={flows.map(({ distances }, k) => ({
            name: `${k + 1}-flow`,
            stroke: strokeOf(k),
            points: distances.map(({ steps, distance }) => [steps, distance] as const),
          }))}
          columns={measuredN}
          columnName="Euler steps N"
          floor={distanceFloor}
        />
        <DistanceTable flows={flows} />
      </div>
    </Section>
  );
}

function DistanceTable({ flows }: { flows: readonly FlowResult[] }): ReactNode {
  return (
    <table className="numbers-table">
      <caption className="visually-hidden">
        Energy distance to the end distribution by number of steps
      </caption>
      <thead>
        <tr>
          <th scope="col">N</th>
          {[1, 2, 3].map((round) => (
            <th key={round} scope="col">
              {round}-flow
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {measuredN.map((n) => (
          <tr key={n}>
            <th scope="row">{n}</th>
            {[0, 1, 2].map((k) => {
              const found = flows[k]?.distances.find(({ steps }) => steps === n);
              return <td key={k}>{found === undefined ? '–' : distanceText(found.distance)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
