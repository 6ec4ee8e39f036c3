/** DDPM's forward process on π1's points, and what its schedule leaves of them. */
import { type ReactNode, useMemo, useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { coloursByStart, type Scene } from '../drawing/scene.ts';
import { beta, forwardSteps } from '../flow/forward-process.ts';
import { measureText } from '../words/figures.ts';
import { Equation } from './equation.tsx';
import { JobButton } from './job-button.tsx';
import { useLab } from './lab-context.tsx';
import { Panel } from './panel.tsx';
import { Section } from './section.tsx';

const walkedPaths = 12;
const [width, height, left] = [340, 130, 40];

/** √ᾱ and √(1-ᾱ) against the step, with the step that is shown. */
function Schedule({ alphaBars, step }: { alphaBars: Float64Array; step: number }): ReactNode {
  const x = (k: number): number => left + (k / forwardSteps) * (width - left - 8);
  const y = (share: number): number => 8 + (1 - share) * (height - 32);
  const line = (value: (alphaBar: number) => number): string =>
    Array.from({ length: 51 }, (_, i) => {
      const k = i * (forwardSteps / 50);
      return `${i === 0 ? 'M' : 'L'}${x(k).toFixed(1)} ${y(value(alphaBars[k] ?? 0)).toFixed(1)}`;
    }).join('');
  return (
    <div className="log-plot">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Shares of data and noise at step ${step} of ${forwardSteps}`}
      >
        {[0, 0.5, 1].map((tick) => (
          <g key={tick}>
            <path className="plot-grid" d={`M${left} ${y(tick)}H${width - 8}`} />
            <text x={left - 8} y={y(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {[0, 500, 1000].map((k) => (
          <text key={k} x={x(k)} y={height - 6} textAnchor={k === 1000 ? 'end' : 'middle'}>
            {k}
          </text>
        ))}
        <g className="plot-series" data-stroke="first">
          <path d={line(Math.sqrt)} />
        </g>
        <g className="plot-series" data-stroke="second">
          <path d={line((alphaBar) => Math.sqrt(1 - alphaBar))} />
        </g>
        <path className="plot-now" d={`M${x(step)} 8V${height - 24}`} />
      </svg>
      <p className="log-legend">
        <span data-stroke="first">
          <svg viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
            <path d="M0 3H22" />
          </svg>
          data, √ᾱ
        </span>
        <span data-stroke="second">
          <svg viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
            <path d="M0 3H22" />
          </svg>
          noise, √(1 − ᾱ)
        </span>
      </p>
    </div>
  );
}

export function ForwardProcess(): ReactNode {
  const walk = useLab((lab) => lab.walk);
  const [step, setStep] = useState(0);
  const scene = useMemo<Scene | null>(
    () =>
      walk === null
        ? null
        : {
            path: walk.path,
            colours: coloursByStart(walk.path.states.subarray(0, 2 * walk.path.count)),
            drawnPaths: walkedPaths,
          },
    [walk],
  );
  const alphaBar = walk?.alphaBars[step] ?? 1;
  return (
    <Section
      title="The forward process"
      prose={
        <>
          <p>DDPM turns data into noise in {forwardSteps} random steps,</p>
          <Equation
            display
            tex="q(x_k \mid x_{k-1}) = \mathcal{N}\bigl(\sqrt{1 - \beta_k}\, x_{k-1},\ \beta_k I\bigr),"
          />
          <p>
            with <Equation tex="\beta_k" /> on a line from 0.0001 to 0.02. In one go that is{' '}
            <Equation tex="x_k = \sqrt{\bar\alpha_k}\, x_0 + \sqrt{1 - \bar\alpha_k}\, \varepsilon" />. The
            jagged lines are the way of {walkedPaths} of the points: no ODE, and no way back but a learnt one.
          </p>
          <JobButton requests={[{ kind: 'forward-walk' }]}>
            {walk === null ? 'Walk forward' : 'Walk again'}
          </JobButton>
        </>
      }
    >
      <div className="panels walk">
        <Panel
          title={`Step ${step} of ${forwardSteps}`}
          note={step === 0 ? 'the data' : `β = ${measureText(beta(step))}, ᾱ = ${measureText(alphaBar)}`}
          scene={scene}
          time={step / forwardSteps}
          label={`The end distribution’s points after ${step} of ${forwardSteps} steps of noise.`}
          empty="Not walked yet"
        />
        <div>
          {walk !== null && <Schedule alphaBars={walk.alphaBars} step={step} />}
          <Slider
            className="slider"
            aria-label="Step of the forward process"
            minValue={0}
            maxValue={forwardSteps}
            step={walk?.stride ?? 20}
            value={step}
            isDisabled={walk === null}
            onChange={setStep}
          >
            <SliderTrack className="slider-track">
              <span className="slider-fill" style={{ inlineSize: `${(100 * step) / forwardSteps}%` }} />
              <SliderThumb className="slider-thumb" />
            </SliderTrack>
          </Slider>
        </div>
      </div>
    </Section>
  );
}
