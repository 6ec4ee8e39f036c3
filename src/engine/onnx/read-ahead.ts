/**
 * Small tensors that lie side by side are read together: a request per tensor would be hundreds of range
 * requests or file reads for a network.
 */
import type { CancelSignal } from '../core/cancel.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';

/** What is held at a time besides the tensor being filled. */
const windowBytes = 1024 * 1024;

/**
 * The same files; a read inside a run of `entries` fetches up to a megabyte of the run ahead.
 * @param entries what will be read, in any order; nothing outside them is fetched
 */
export function readAhead(files: ModelFiles, entries: readonly TensorEntry[]): ModelFiles {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin);
  let window = { path: '', begin: 0, bytes: new Uint8Array(0) };

  /** The end of the unbroken run of wanted bytes from `end` on, at most a window from `begin`. */
  const runEnd = (path: string, begin: number, end: number): number => {
    let reached = end;
    for (const entry of sorted) {
      if (entry.file !== path || entry.begin < begin) continue;
      if (entry.begin > reached || entry.end > begin + windowBytes) break;
      reached = Math.max(reached, entry.end);
    }
    return reached;
  };

  return {
    id: files.id,
    has: (path) => files.has(path),
    size: (path) => files.size(path),
    async read(path: string, begin: number, end: number, signal?: CancelSignal) {
      const inside =
        path === window.path && begin >= window.begin && end <= window.begin + window.bytes.length;
      if (!inside) {
        if (end - begin >= windowBytes) return files.read(path, begin, end, signal);
        window = { path, begin, bytes: await files.read(path, begin, runEnd(path, begin, end), signal) };
      }
      return window.bytes.slice(begin - window.begin, end - window.begin);
    },
  };
}
