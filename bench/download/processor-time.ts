/** Processor time of processes and of everything they started. Linux only: elsewhere there is no /proc to read. */
import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks a second; 100 on every Linux that Node runs on. Source: proc(5), sysconf(_SC_CLK_TCK). */
const ticksPerSecond = 100;

/** @returns milliseconds of user and kernel time; undefined where it can't be told */
export function processorMs(root: number): number | undefined {
  const processes = readProcesses();
  if (!processes.has(root)) return undefined;
  const wanted = new Set([root]);
  // Children may come before their parents in the listing.
  for (let before = 0; before !== wanted.size; ) {
    before = wanted.size;
    for (const [pid, { parent }] of processes) if (wanted.has(parent)) wanted.add(pid);
  }
  const ticks = [...wanted].reduce((sum, pid) => sum + processes.get(pid)!.ticks, 0);
  return (ticks / ticksPerSecond) * 1000;
}

function readProcesses(): Map<number, { readonly parent: number; readonly ticks: number }> {
  const processes = new Map<number, { parent: number; ticks: number }>();
  let names: string[] = [];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  } catch {
    return processes;
  }
  for (const name of names) {
    try {
      // The name in brackets may hold spaces. After it: state, parent, ...; user and kernel time are the 14th and 15th of all.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      processes.set(Number(name), { parent: Number(fields[1]), ticks });
    } catch {
      // It ended meanwhile.
    }
  }
  return processes;
}
