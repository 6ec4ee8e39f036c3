/** Times that the paper prints, for orientation: other hardware, other precision, far larger networks. */

export const paper = {
  title: 'InstaFlow (Liu et al., ICLR 2024)',
  url: 'https://arxiv.org/abs/2309.06380',
} as const;

export interface PaperFigure {
  readonly method: string;
  readonly steps: number;
  readonly milliseconds: number;
  /** As in print. */
  readonly printed: string;
  /** Where it stands. */
  readonly source: string;
}

export const paperFigures: readonly PaperFigure[] = [
  {
    method: 'InstaFlow-0.9B, A100',
    steps: 1,
    milliseconds: 90,
    printed: '0.09 s',
    source: 'abstract',
  },
  {
    method: '(Pre) 2-Rectified Flow',
    steps: 25,
    milliseconds: 880,
    printed: '0.88 s',
    source: 'table of MS COCO 2017',
  },
  { method: 'SD 1.4', steps: 25, milliseconds: 880, printed: '0.88 s', source: 'table of MS COCO 2017' },
];
