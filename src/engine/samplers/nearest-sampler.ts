/** Which of our samplers comes nearest to one that we lack. */
import type { SamplerName } from './scheduler-classes.ts';

/** By what the names of related schedulers have in common; the first match counts. */
const kinships: readonly (readonly [pattern: RegExp, nearest: SamplerName])[] = [
  [/flow|reflow|perflow/i, 'rectified-flow'],
  [/lcm|consistency|tcd|turbo|hyper/i, 'lcm'],
  [/unipc|sasolver/i, 'unipc'],
  [/dpm.?solver|dpmpp|dpm\+\+|deis|edmdpm|logsnr/i, 'dpm-solver-multistep'],
  [/ancestral|euler.?a$/i, 'euler-ancestral'],
  [/heun|kdpm|dpm.?2|karras/i, 'heun'],
  [/euler|lms|edm/i, 'euler'],
  [/pndm|plms/i, 'pndm'],
  [/ddim/i, 'ddim'],
  [/ddpm|repaint|unclip|scoresde|vqdiffusion|ancestor/i, 'ddpm'],
];

/** @param name a diffusers class or a sampler's name; 'ddim' where nothing is alike */
export function nearestSampler(name: string): SamplerName {
  return kinships.find(([pattern]) => pattern.test(name))?.[1] ?? 'ddim';
}
