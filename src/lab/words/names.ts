/** What things in the laboratory are called. */
import type { PresetName } from '../flow/distributions.ts';
import type { JobRequest } from '../worker/protocol.ts';

export const presetTitles: Readonly<Record<PresetName, string>> = {
  gaussian: 'Gaussian',
  'left-blobs': 'Two Gaussians, left',
  'right-blobs': 'Two Gaussians, right',
  moons: 'Two moons',
  rings: 'Two rings',
  checkerboard: 'Checkerboard',
  spiral: 'Spiral',
  letters: 'Letters',
};

export function jobTitle(request: JobRequest, flows: number): string {
  switch (request.kind) {
    case 'flow':
      return `${flows + 1}-flow`;
    case 'diffusion':
      return 'Diffusion flow';
    case 'student':
      return `Student of the ${request.teacher}-flow`;
    case 'round-trip':
      return `Backwards along the ${request.flow}-flow`;
    case 'forward-walk':
      return 'Forward process';
  }
}
