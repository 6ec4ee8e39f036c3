/** Vite plugin: serves a folder of model files in dev and copies it into a build, with a listing of what is there. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { listingPath } from './src/platform/hub/file-listing.ts';

export interface ModelFilesOptions {
  /** On disk. */
  readonly folder: string;
  /** In the address, with slashes at both ends: '/models/'. */
  readonly base: string;
  /** Which paths, relative to the folder, a page reads. */
  wanted(path: string): boolean;
}

export function modelFiles({ folder, base, wanted }: ModelFilesOptions): Plugin {
  const paths = () => (existsSync(folder) ? filesBelow(folder).filter(wanted).sort() : []);
  const listing = () =>
    JSON.stringify({ files: Object.fromEntries(paths().map((path) => [path, listed(join(folder, path))])) });
  return {
    name: `model-files:${base}`,
    configureServer(server) {
      server.middlewares.use((incoming, outgoing, next) => {
        const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
        if (!pathname.startsWith(base)) return next();
        const path = decodeURIComponent(pathname.slice(base.length));
        if (path === listingPath)
          return outgoing.setHeader('content-type', 'application/json').end(listing());
        if (!paths().includes(path)) {
          outgoing.statusCode = 404;
          return outgoing.end();
        }
        return send(join(folder, path), incoming.headers.range, outgoing);
      });
    },
    generateBundle() {
      const emit = (path: string, source: string | Uint8Array) =>
        this.emitFile({ type: 'asset', fileName: base.slice(1) + path, source });
      emit(listingPath, listing());
      for (const path of paths()) emit(path, readFileSync(join(folder, path)));
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Hashes by size and time of change: in dev the listing is asked for at every load. */
const hashes = new Map<string, string>();

function listed(file: string): { sizeBytes: number; hash: string } {
  const { size: sizeBytes, mtimeMs } = statSync(file);
  const key = `${file} ${sizeBytes} ${mtimeMs}`;
  const hash = hashes.get(key) ?? createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  hashes.set(key, hash);
  return { sizeBytes, hash };
}

function send(file: string, range: string | undefined, outgoing: ServerResponse): void {
  const { size } = statSync(file);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/u.exec(range ?? '') ?? [];
  const begin = first === undefined ? 0 : Number(first);
  const end = last === undefined ? size : Math.min(Number(last) + 1, size);
  outgoing.statusCode = first === undefined ? 200 : 206;
  outgoing.setHeader(
    'content-type',
    file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
  );
  outgoing.setHeader('content-length', end - begin);
  if (first !== undefined) outgoing.setHeader('content-range', `bytes ${begin}-${end - 1}/${size}`);
  createReadStream(file, { start: begin, end: end - 1 }).pipe(outgoing);
}
