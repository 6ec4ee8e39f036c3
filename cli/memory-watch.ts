/** Memory of a process and all it started, sampled: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export interface MemorySample {
  /**
   * The processes' own memory, and what they share, without mapped files. Shared pages are counted once: those of the
   * process that maps most of them, which for a browser is the graphics process.
   */
  readonly bytes: number;
}

/** Samples every 100 ms until `stop`. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  latest: MemorySample = { bytes: 0 };
  #peak: MemorySample = { bytes: 0 };

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), 100);
  }

  /** Begins anew. @returns the peak so far */
  lap(): MemorySample {
    this.#sample();
    const peak = this.#peak;
    this.#peak = { bytes: 0 };
    return peak;
  }

  /** @returns the peak since the last lap */
  stop(): MemorySample {
    clearInterval(this.#timer);
    return this.#peak;
  }

  #sample(): void {
    let own = 0;
    let shared = 0;
    for (const pid of processTree(this.#pid)) {
      const status = readProcess(`${pid}`, 'status');
      own += kilobytes(status, 'RssAnon');
      shared = Math.max(shared, kilobytes(status, 'RssShmem'));
    }
    this.latest = { bytes: (own + shared) * 1024 };
    if (this.latest.bytes > this.#peak.bytes) this.#peak = this.latest;
  }
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    // 'pid (name) state parent ...'; names may hold anything, parentheses too.
    const parent = Number(/^.*\) \S (\d+)/su.exec(readProcess(name, 'stat'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'mu').exec(status)?.[1] ?? 0);
}

/** '' for a process that ended meanwhile. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
