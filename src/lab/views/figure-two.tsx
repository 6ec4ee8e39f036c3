/** Figure 2: per round, the lines of the coupling and the flow that was fitted to them. */
import { type ReactNode, useMemo, useState } from 'react';
import { Switch } from 'react-aria-components';
import { flowScene, linesScene, pairsOf } from '../drawing/round-scenes.ts';
import { coloursByStart, type Scene } from '../drawing/scene.ts';
import type { Pairs } from '../flow/coupling.ts';
import { drawnPaths } from '../flow/laboratory-settings.ts';
import type { Points } from '../flow/points.ts';
import { lastFlow } from '../state/laboratory.ts';
import { countText, measureText } from '../words/figures.ts';
import type { FlowResult } from '../worker/protocol.ts';
import { Equation } from './equation.tsx';
import { useLab } from './lab-context.tsx';
import { Panel } from './panel.tsx';
import { PlaybackBar } from './playback-bar.tsx';
import type { Show } from './scene-canvas.tsx';
import { Segments } from './segments.tsx';

const letters = 'abcdef';

interface RoundProps {
  /** 1 to 3. */
  readonly round: number;
  /** The coupling that the round learns from; null = not there yet. */
  readonly pairs: Pairs | null;
  readonly lineCrossings: number | undefined;
  readonly flow: FlowResult | undefined;
  readonly colours: Uint8Array | null;
  readonly show: Show;
  readonly crosses: boolean;
}

function useScenes({ pairs, flow, colours, crosses }: RoundProps): {
  lines: Scene | null;
  paths: Scene | null;
} {
  const lines = useMemo(
    () => (pairs === null || colours === null ? null : linesScene(pairs, colours)),
    [pairs, colours],
  );
  const paths = useMemo(
    () => (flow === undefined || colours === null ? null : flowScene(flow, colours, crosses)),
    [flow, colours, crosses],
  );
  return { lines, paths };
}

function Round(props: RoundProps): ReactNode {
  const { round, lineCrossings, flow, show } = props;
  const { lines, paths } = useScenes(props);
  const [first, second] = [letters[2 * round - 2], letters[2 * round - 1]];
  const of = round === 1 ? 'X' : 'Z';
  const source = round === 1 ? 'the pairs as drawn' : `the pairs that the ${round - 1}-flow made`;
  return (
    <>
      <Panel
        title={
          <>
            ({first}) Lines of{' '}
            <Equation tex={round === 1 ? '(X_0, X_1)' : `(Z_0^${round - 1}, Z_1^${round - 1})`} />
          </>
        }
        note={lineCrossings === undefined ? undefined : `${countText(lineCrossings)} crossings`}
        scene={lines}
        label={`(${first}) Straight lines between ${source}: ${lineCrossings ?? 0} crossings among ${drawnPaths} lines.`}
        empty={round === 1 ? 'Drawing the pairs' : `The ${round - 1}-flow pairs them`}
      />
      <Panel
        title={
          <>
            ({second}) The {round}-flow of <Equation tex={of} />
          </>
        }
        note={flow === undefined ? undefined : `S = ${measureText(flow.straightness)}`}
        scene={paths}
        show={show}
        label={`(${second}) Paths of the ${round}-flow: straightness S = ${flow === undefined ? '' : measureText(flow.straightness)}.`}
        empty={`Train the ${round}-flow`}
      />
    </>
  );
}

function useColours(starts: Points | undefined): Uint8Array | null {
  return useMemo(() => (starts === undefined ? null : coloursByStart(starts)), [starts]);
}

export function FigureTwo(): ReactNode {
  const draft = useLab((lab) => lab.draft);
  const flows = useLab((lab) => lab.flows);
  const [show, setShow] = useState<Show>('paths');
  const [crosses, setCrosses] = useState(true);
  const colours = useColours(draft?.pairs.starts);
  const couplings = useMemo(
    () => (draft === null ? [] : [draft.pairs, ...flows.map(pairsOf)]),
    [draft, flows],
  );
  const measures = draft === null ? [] : [draft.coupling, ...flows.map(({ coupling }) => coupling)];
  // The paper's four panels always have their place; the third round comes when it can.
  const rounds = Array.from({ length: Math.min(lastFlow, Math.max(2, flows.length + 1)) }, (_, k) => k + 1);
  return (
    <div className="figure-two">
      <div className="figure-bar">
        <PlaybackBar />
        <Segments
          label="Flows show"
          options={[
            ['paths', 'Paths'],
            ['field', 'Velocity'],
          ]}
          value={show}
          onChange={setShow}
        />
        <Switch className="switch" isSelected={crosses} onChange={setCrosses}>
          <span className="switch-track" aria-hidden="true" />
          One Euler step
        </Switch>
      </div>
      <div className="panels" id="figure-two">
        {rounds.map((round) => (
          <Round
            key={round}
            round={round}
            pairs={couplings[round - 1] ?? null}
            lineCrossings={measures[round - 1]?.lineCrossings}
            flow={flows[round - 1]}
            colours={colours}
            show={show}
            crosses={crosses}
          />
        ))}
      </div>
    </div>
  );
}
