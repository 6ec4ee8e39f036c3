/** How one step can be enough: rectified flow, reflow, distillation, in the paper's own equations and figures. */
import { type ReactNode, useEffect, useState } from 'react';
import './how.css';
import { LabFigure } from '../lab/lab-figure.tsx';
import { Equation } from '../lab/views/equation.tsx';
import { hrefOf } from '../route.ts';
import { paper } from '../studio/benchmark/paper-figures.ts';
import { type FamilyEvaluation, parseFamilyEvaluation } from './family-evaluation.ts';
import { EulerFigure } from './figures.tsx';
import { FamilyTable, PaperTables } from './tables.tsx';

/** Empty while the family is not evaluated. */
const evaluations = import.meta.glob('../../models/nano/EVALUATION.json', { import: 'default' });

/** undefined while it loads, null where there is none. */
function useFamilyEvaluation(): FamilyEvaluation | null | undefined {
  const [evaluation, setEvaluation] = useState<FamilyEvaluation | null>();
  useEffect(() => {
    const [load] = Object.values(evaluations);
    void (load?.() ?? Promise.resolve(undefined)).then(
      (value) => setEvaluation(parseFamilyEvaluation(value)),
      () => setEvaluation(null),
    );
  }, []);
  return evaluation;
}

function Figures(): ReactNode {
  const evaluation = useFamilyEvaluation();
  return (
    <section aria-labelledby="figures-title">
      <h3 id="figures-title">In figures</h3>
      <p>
        Reflow keeps the quality at 25 steps. The curved teacher distils badly into one step, the straightened
        one well; and reflow alone is not enough for one step.
      </p>
      <PaperTables />
      {evaluation != null && <FamilyTable evaluation={evaluation} />}
      {evaluation === null && (
        <p className="quiet">
          The embedded family has no table yet: it comes with models/nano/EVALUATION.json.
        </p>
      )}
    </section>
  );
}

export function HowPage(): ReactNode {
  return (
    <main className="page how">
      <header className="page-head">
        <h2>How it works</h2>
        <p className="quiet">
          After{' '}
          <a href={paper.url} target="_blank" rel="noreferrer">
            {paper.title}
          </a>
        </p>
      </header>
      <article>
        <section aria-labelledby="flow-title">
          <h3 id="flow-title">A path from noise to picture</h3>
          <p>
            Start from pure noise <Equation tex="Z_0" /> at <Equation tex="t = 0" /> and follow a velocity
            that a network computes from the noisy picture, the time and your words. At{' '}
            <Equation tex="t = 1" /> there is a picture.
          </p>
          <Equation
            display
            tex="\frac{\mathrm{d}Z_t}{\mathrm{d}t} = v(Z_t, t \mid T), \qquad Z_0 \sim \mathcal{N}(0, I)"
          />
          <p>
            A computer follows it in <Equation tex="N" /> straight pieces. Each piece is one evaluation of the
            network, and that is where the time goes.
          </p>
          <Equation display tex="Z_{t + 1/N} = Z_t + \tfrac{1}{N}\, v(Z_t, t \mid T)" />
          <EulerFigure />
          <p>
            If the path is curved, few pieces miss its end. If it is straight, one piece is exact. So: make
            the paths straight.
          </p>
        </section>
        <section aria-labelledby="rectified-title">
          <h3 id="rectified-title">Rectified flow: learn the straight line</h3>
          <p>
            Draw noise <Equation tex="X_0" /> and a picture <Equation tex="X_1" />, go to a point between
            them, <Equation tex="X_t = t X_1 + (1 - t) X_0" />, and teach the network the direction of the
            line:
          </p>
          <Equation
            display
            tex="\min_v \; \mathbb{E} \int_0^1 \left\| (X_1 - X_0) - v(X_t, t) \right\|^2 \mathrm{d}t"
          />
          <p>
            Where lines of different pairs cross, the network can only learn their mean, and the path bends.
            The <a href={hrefOf('lab')}>Lab</a> shows that with points in a plane, live.
          </p>
        </section>
        <section aria-labelledby="reflow-title-heading">
          <h3 id="reflow-title-heading">Reflow: pair anew, learn again</h3>
          <p>
            Follow the flow from noise to its own picture, take these as the new pairs, and train again with
            the same text:
          </p>
          <Equation
            display
            tex="v_{k+1} = \arg\min_v \; \mathbb{E} \int_0^1 \left\| (X_1 - X_0) - v(X_t, t \mid T) \right\|^2 \mathrm{d}t, \quad X_1 = \mathrm{ODE}[v_k](X_0 \mid T)"
          />
          <LabFigure />
          <p className="quiet">
            The paper's figure 2, computed in this page with points in a plane in place of pictures; the{' '}
            <a href={hrefOf('lab')}>Lab</a> goes on from there. Paths of a well-posed ODE can't cross: where
            lines of chance pairs do, the flow bends and pairs anew.
          </p>
          <p>How straight a flow is, is a number. Zero means straight, and then one Euler step is exact.</p>
          <Equation
            display
            tex="S(Z) = \int_0^1 \mathbb{E} \left\| (Z_1 - Z_0) - v(Z_t, t) \right\|^2 \mathrm{d}t"
          />
        </section>
        <section aria-labelledby="distil-title">
          <h3 id="distil-title">Distillation: one step, and no more</h3>
          <p>
            What is left between one step and the whole path is trained away: the student's single step should
            land where the reflowed teacher ends.
          </p>
          <Equation
            display
            tex="\min_v \; \mathbb{E}\, D\bigl( Z_0 + v(Z_0 \mid T),\; \mathrm{ODE}[v_k](Z_0 \mid T) \bigr)"
          />
          <ol className="stages">
            <li>
              <span>
                <b>Stable Diffusion</b> draws triplets of text, noise and picture.
              </span>
            </li>
            <li>
              <span>
                <b>2-Rectified Flow</b> is trained on them: text-conditioned reflow.
              </span>
            </li>
            <li>
              <span>
                <b>InstaFlow</b> is its distillation to one step. It takes no guidance and no negative prompt.
              </span>
            </li>
          </ol>
          <p>
            The <a href={hrefOf('studio')}>studio</a> puts both beside each other: one step on side A, many on
            side B, from the same noise, timed.
          </p>
        </section>
        <Figures />
      </article>
    </main>
  );
}
