/** More threads than this gained nothing in matrix products of our sizes, and each costs memory. */
const mostThreads = 8;

/**
 * Threads for the CPU kernels. Few processors are used whole; of many, half, since twice as many are reported as
 * there are cores.
 * @param processors `navigator.hardwareConcurrency`
 * @param isolated whether the page is cross-origin isolated, without which threads can't share memory
 */
export function workerThreads(processors: number, isolated: boolean): number {
  if (!isolated) return 1;
  return Math.max(1, Math.min(processors <= 4 ? processors : Math.ceil(processors / 2), mostThreads));
}
