/** EVALUATION.json as a page to read. */
import { type Interval, type Measures, separate } from './measures.ts';

export interface EvaluationRow extends Measures {
  readonly model: string;
  readonly steps: number;
  readonly sampler: string;
  readonly guidance: number;
  readonly pictures: number;
  /** One picture on Node CPU, text to pixels, median. */
  readonly ms: number;
}

export interface Evaluation {
  readonly trained_on: 'cpu' | 'cuda';
  readonly rows: readonly EvaluationRow[];
  /** S(Z) over the mean of (Z_1 - Z_0)², by model. */
  readonly straightness: Readonly<Record<string, number>>;
  /** Fréchet distance between two sets of real pictures. */
  readonly floor: number;
  /** Real single objects: the retrieval network on what it is to judge. */
  readonly retrieval_on_real: { readonly top1: number; readonly top5: number };
}

/** An order that the paper reports, and whether it is found here. */
interface Claim {
  readonly text: string;
  readonly verdict: 'holds' | 'does not hold' | 'not separated' | 'not measured';
}

/** The paper's order: InstaFlow before the other one-step models; straighter with every reflow. */
export function checkClaims({ rows, straightness }: Evaluation): readonly Claim[] {
  const oneStep = (model: string) => rows.find((row) => row.model === model && row.steps === 1);
  const ours = oneStep('instaflow-nano');
  const claims: Claim[] = [];
  for (const model of ['sd-distill-nano', 'pd-nano', '2-rf-nano']) {
    const other = oneStep(model);
    claims.push(
      {
        text: `InstaFlow-nano has a lower Fréchet distance than ${model} at 1 step`,
        verdict: compare(ours?.frechet_ci, other?.frechet_ci),
      },
      {
        text: `InstaFlow-nano has a higher CLIP score than ${model} at 1 step`,
        verdict: compare(other?.clip_score_ci, ours?.clip_score_ci),
      },
    );
  }
  const { 'sd-nano': teacher, '2-rf-nano': second, '3-rf-nano': third } = straightness;
  const decide = (holds: boolean | undefined) =>
    holds === undefined ? 'not measured' : holds ? 'holds' : 'does not hold';
  claims.push(
    {
      text: 'S(2-RF) is at most half of S(SD)',
      verdict: decide(teacher === undefined || second === undefined ? undefined : second <= teacher / 2),
    },
    {
      text: 'S(3-RF) is below S(2-RF)',
      verdict: decide(second === undefined || third === undefined ? undefined : third < second),
    },
  );
  return claims;
}

function compare(lower: Interval | undefined, higher: Interval | undefined): Claim['verdict'] {
  if (!lower || !higher) return 'not measured';
  if (!separate(lower, higher)) return 'not separated';
  return lower.high < higher.low ? 'holds' : 'does not hold';
}

export function renderReport(evaluation: Evaluation): string {
  const { rows, straightness, floor, trained_on, retrieval_on_real: real } = evaluation;
  const range = ({ low, high }: Interval, digits: number) =>
    `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const lines = [
    '# What the embedded family measures',
    '',
    'Written by `npm run evaluate`: our engine in Node, pictures of the prompts in',
    '[evaluation/prompts.json](evaluation/prompts.json), fixed seeds. Features, CLIP score and retrieval come from a',
    `picture encoder that conditions nothing. Trained on: ${trained_on}. Intervals: 95 %, by bootstrap.`,
    '',
    `Real against real: Fréchet distance ${floor.toFixed(4)}. The retrieval network on real pictures of single`,
    `objects: top-1 ${percent(real.top1)}, top-5 ${percent(real.top5)}.`,
    '',
    '| model | steps | sampler | guidance | pictures | Fréchet | interval | CLIP score | interval | top-1 | top-5 | ms |',
    '|---|--:|---|--:|--:|--:|---|--:|---|--:|--:|--:|',
    ...rows.map((row) =>
      [
        '',
        row.model,
        row.steps,
        row.sampler,
        row.guidance,
        row.pictures,
        row.frechet.toFixed(4),
        range(row.frechet_ci, 4),
        row.clip_score.toFixed(3),
        range(row.clip_score_ci, 3),
        percent(row.top1),
        percent(row.top5),
        row.ms.toFixed(0),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    '',
    '## Straightness',
    'S(Z) over 200 seeds and 100 steps, per element, divided by the mean of (Z_1 - Z_0)². SD-nano along DDIM with its',
    'guidance, v = ΔZ/Δt in the training scale; the flows along Euler.',
    '',
    '| model | S(Z) |',
    '|---|--:|',
    ...Object.entries(straightness).map(([model, value]) => `| ${model} | ${value.toPrecision(3)} |`),
    '',
    "## The paper's order",
    'Counted only where the intervals separate.',
    '',
    ...checkClaims(evaluation).map(({ text, verdict }) => `- ${text}: **${verdict}**`),
    '',
  ];
  return lines.join('\n');
}
