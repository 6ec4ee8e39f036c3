/** What is measured: the paper's table at 25 steps and at 1, and both families over N. */

export interface PlannedRow {
  /** A catalogue id. */
  readonly model: string;
  readonly steps: number;
}

/** Four of every prompt. */
export const picturesPerRow = 2000;

const sweep = [25, 16, 8, 4, 2, 1];

export const plannedRows: readonly PlannedRow[] = [
  ...sweep.map((steps) => ({ model: 'sd-nano', steps })),
  ...sweep.map((steps) => ({ model: '2-rf-nano', steps })),
  { model: '3-rf-nano', steps: 25 },
  { model: '3-rf-nano', steps: 1 },
  { model: 'sd-distill-nano', steps: 1 },
  { model: 'pd-nano', steps: 1 },
  { model: 'instaflow-nano', steps: 1 },
];

/** Paths whose straightness is measured; SD-nano's along DDIM, whose steps have no memory. */
export const plannedPaths = [
  { model: 'sd-nano', sampler: 'ddim' },
  { model: '2-rf-nano', sampler: undefined },
  { model: '3-rf-nano', sampler: undefined },
] as const;

export const pathSteps = 100;
export const pathSeeds = 200;
