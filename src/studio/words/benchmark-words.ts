/** The benchmark in words. */
import type { BenchmarkSide } from '../benchmark/benchmark.ts';

/** What a side adds to its model, or takes away; '' where it runs as published: ', fast decoder, 1 LoRA file'. */
export function variationText({
  decoding,
  adapterStrengths: { length },
}: Pick<BenchmarkSide, 'decoding' | 'adapterStrengths'>): string {
  const files = length === 0 ? [] : [`${length} LoRA ${length === 1 ? 'file' : 'files'}`];
  return [...(decoding === 'fast' ? ['fast decoder'] : []), ...files].map((part) => `, ${part}`).join('');
}

/** Which runs of a side browsers slowed down; '' where none was. */
export function hiddenRunsText({ cold, warm }: Pick<BenchmarkSide, 'cold' | 'warm'>): string {
  const count = warm.filter(({ tabHidden }) => tabHidden).length;
  const runs = [
    ...(cold.tabHidden ? ['the cold run'] : []),
    ...(count > 0 ? [`${count} of ${warm.length} warm runs`] : []),
  ];
  return runs.length === 0 ? '' : `This tab was hidden in ${runs.join(' and ')}: browsers slow that down`;
}
