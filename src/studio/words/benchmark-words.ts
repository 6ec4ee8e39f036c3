/** The benchmark in words. */
import type { BenchmarkSide } from '../benchmark/benchmark.ts';

/** Which runs of a side browsers slowed down; '' where none was. */
export function hiddenRunsText({ cold, warm }: Pick<BenchmarkSide, 'cold' | 'warm'>): string {
  const count = warm.filter(({ tabHidden }) => tabHidden).length;
  const runs = [
    ...(cold.tabHidden ? ['the cold run'] : []),
    ...(count > 0 ? [`${count} of ${warm.length} warm runs`] : []),
  ];
  return runs.length === 0 ? '' : `This tab was hidden in ${runs.join(' and ')}: browsers slow that down`;
}
