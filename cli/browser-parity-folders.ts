/** Vite plugin: serves folders read-only, each with a listing of its files, in ranges. Nothing is hashed or held. */
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Plugin } from 'vite';
import { listingPath } from '../src/platform/hub/file-listing.ts';

export interface ServedFolder {
  /** In the address, with slashes at both ends. */
  readonly base: string;
  readonly folder: string;
  /** The address goes on with the name of a folder in `folder`; each of them has a listing of its own. */
  readonly parent?: boolean;
}

export function servedFolders(folders: readonly ServedFolder[]): Plugin {
  return {
    name: 'served-folders',
    configurePreviewServer(server) {
      server.middlewares.use((incoming, outgoing, next) => {
        const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
        const served = folders.find(({ base }) => pathname.startsWith(base));
        if (!served) return next();
        answer(served, pathname.slice(served.base.length), incoming, outgoing).catch(() =>
          end(outgoing, 404),
        );
      });
    },
  };
}

async function answer(
  { folder, parent = false }: ServedFolder,
  address: string,
  { method, headers }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return end(outgoing, 405);
  const names = address.split('/').map(decodeURIComponent);
  // Whoever owns a folder made its links; an address must not leave it.
  if (names.some((name) => /^\.{0,2}$|[/\\\0]/u.test(name))) return end(outgoing, 404);
  if (names.length === (parent ? 2 : 1) && names.at(-1) === listingPath) {
    const body = JSON.stringify({ files: await filesBelow(join(folder, ...names.slice(0, -1))) });
    outgoing.setHeader('content-type', 'application/json').end(body);
    return;
  }
  await send(join(folder, ...names), headers.range, outgoing);
}

/** Paths with sizes; the time of change stands for a hash, which would cost a read of gigabytes. */
async function filesBelow(
  folder: string,
  above: readonly string[] = [],
): Promise<Record<string, { sizeBytes: number; hash: string }>> {
  const place = await realpath(folder);
  if (above.includes(place)) return {};
  const found: Record<string, { sizeBytes: number; hash: string }> = {};
  for (const name of (await readdir(folder)).sort()) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    if (entry?.isFile()) found[name] = { sizeBytes: entry.size, hash: `${entry.size}-${entry.mtimeMs}` };
    if (!entry?.isDirectory()) continue;
    const inner = await filesBelow(join(folder, name), [...above, place]);
    for (const [path, file] of Object.entries(inner)) found[`${name}/${path}`] = file;
  }
  return found;
}

async function send(file: string, range: string | undefined, outgoing: ServerResponse): Promise<void> {
  const entry = await stat(file);
  if (!entry.isFile()) return end(outgoing, 404);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/u.exec(range ?? '') ?? [];
  const begin = first === undefined ? 0 : Number(first);
  const stop = last === undefined ? entry.size : Math.min(Number(last) + 1, entry.size);
  if (begin > stop) return end(outgoing, 416);
  outgoing.statusCode = first === undefined ? 200 : 206;
  outgoing.setHeader('content-type', 'application/octet-stream');
  outgoing.setHeader('content-length', stop - begin);
  if (first !== undefined) outgoing.setHeader('content-range', `bytes ${begin}-${stop - 1}/${entry.size}`);
  if (begin === stop) return end(outgoing, outgoing.statusCode);
  await pipeline(createReadStream(file, { start: begin, end: stop - 1 }), outgoing);
}

function end(outgoing: ServerResponse, status: number): void {
  if (!outgoing.headersSent) outgoing.statusCode = status;
  outgoing.end();
}
