/**
 * A hub of our own that speaks the Hugging Face hub's protocol over loopback: resolve addresses that redirect large
 * files to a second origin, ranges, ETag and X-Linked-*, the model API, gated repositories, and every fault of
 * `fault.ts`. Source: the hub's public documentation and the headers its clients read.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, FaultPlan, HubRequest } from './fault.ts';
import { type HubFile, hubFile, pathsOf, pointerText, type Repository } from './hub-files.ts';
import { sendFile } from './send-file.ts';

export interface LocalHubOptions {
  /** By id: {'XCLiu/instaflow_0_9B_from_sd_1_5': {folder: '/tmp/full'}}. */
  readonly repositories: Readonly<Record<string, Repository>>;
  /** Tokens of readers who were let into gated repositories. */
  readonly tokens?: readonly string[];
  /** false: a mirror that serves files and knows no API. */
  readonly api?: boolean;
  /** false: a mirror that hands large files on itself, with the hub's words about them. */
  readonly redirects?: boolean;
  readonly bytesPerSecond?: number;
  /** Of the hub's origin; the second origin takes any free one. */
  readonly port?: number;
}

export interface LocalHub {
  /** 'http://127.0.0.1:4711', without a slash at the end. */
  readonly url: string;
  readonly cdnUrl: string;
  /** Every request so far, in order. */
  readonly requests: HubRequest[];
  /** May be set at any time. */
  faults: FaultPlan | undefined;
  bytesPerSecond: number | undefined;
  close(): Promise<void>;
}

/** The commit that every branch of every repository points at. */
const commit = 'c0ffee0000000000000000000000000000c0ffee';

const exposed =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag';

export async function startLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const { repositories, tokens = [], api = true, redirects = true } = options;
  const requests: HubRequest[] = [];
  const state: { faults: FaultPlan | undefined; bytesPerSecond: number | undefined } = {
    faults: undefined,
    bytesPerSecond: options.bytesPerSecond,
  };

  function record(origin: HubRequest['origin'], incoming: IncomingMessage, path: string): Fault | undefined {
    const { method = 'GET', headers } = incoming;
    const range = rangeOf(incoming);
    const same = requests.filter(
      (other) => other.origin === origin && other.path === path && String(other.range) === String(range),
    );
    const { authorization } = headers;
    const request = { origin, method, path, range, authorization, before: same.length };
    requests.push(request);
    return state.faults?.(request);
  }

  async function answerHub(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? '/', 'http://hub');
    const path = decodeURIComponent(pathname);
    const model = /^\/api\/models\/([^/]+\/[^/]+)(?:\/revision\/[^/]+)?$/u.exec(path);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/u.exec(path);
    const fault = record('hub', incoming, file?.[3] ?? path);
    const id = model?.[1] ?? file?.[1];
    const repository = id === undefined ? undefined : repositories[id];
    if (fault && actOut(fault, outgoing)) return;
    // The hub doesn't tell a stranger whether a repository is private or missing.
    if (!repository || id === undefined || (model && !api)) {
      return refuse(outgoing, model && !api ? 404 : 401, 'RepoNotFound', 'Repository not found');
    }
    if (model) return void sendJson(outgoing, await describeModel(id, repository));
    const token = incoming.headers.authorization?.replace(/^Bearer /u, '');
    if (repository.gated && token === undefined) {
      return refuse(outgoing, 401, 'GatedRepo', 'Access to this model is restricted.');
    }
    if (repository.gated && !tokens.includes(token!)) {
      return refuse(outgoing, 403, 'GatedRepo', 'You are not in the authorized list.');
    }
    const found = await hubFile(repository, file![3]!);
    if (!found) return refuse(outgoing, 404, 'EntryNotFound', 'Entry not found');
    outgoing.setHeader('x-repo-commit', commit);
    if (fault?.kind === 'pointer') {
      const text = pointerText(found.sha256 ?? '0'.repeat(64), found.sizeBytes);
      outgoing.setHeader('content-type', 'text/plain; charset=utf-8');
      return void outgoing.end(text);
    }
    if (found.sha256 === undefined) return send(found, incoming, outgoing, fault, `"${found.blobId}"`);
    outgoing.setHeader('x-linked-size', found.sizeBytes);
    outgoing.setHeader('x-linked-etag', `"${found.sha256}"`);
    if (!redirects) return send(found, incoming, outgoing, fault, '"of-the-mirror"');
    const location = `${cdn.url}/${id}/${found.sha256}/${encodeURI(found.path)}?expires=1&signature=s`;
    outgoing
      .writeHead(302, { location, 'content-type': 'text/plain' })
      .end(`Found. Redirecting to ${location}`);
  }

  async function answerCdn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? '/', 'http://cdn');
    const [, id = '', sha256 = '', path = ''] =
      /^\/([^/]+\/[^/]+)\/([0-9a-f]{64})\/(.+)$/u.exec(pathname) ?? [];
    const fault = record('cdn', incoming, decodeURI(path));
    const repository = repositories[id];
    const file = repository && (await hubFile(repository, decodeURI(path)));
    if (fault && actOut(fault, outgoing)) return;
    if (file?.sha256 !== sha256) return refuse(outgoing, 403, 'AccessDenied', 'Request has expired');
    // Like the real one, the second origin names its objects in a way of its own.
    return send(file, incoming, outgoing, fault, `"cdn-${sha256.slice(0, 32)}"`);
  }

  function send(
    file: HubFile,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fault: Fault | undefined,
    ownEtag: string,
  ): Promise<void> {
    const etag = fault?.kind === 'etag' ? fault.etag : ownEtag;
    const { method = 'GET' } = incoming;
    const { bytesPerSecond } = state;
    return sendFile(file, outgoing, { range: rangeOf(incoming), etag, fault, bytesPerSecond, method });
  }

  const cdn = await listen(answerCdn, 0);
  const hub = await listen(answerHub, options.port ?? 0);
  return Object.assign(state, {
    url: hub.url,
    cdnUrl: cdn.url,
    requests,
    async close() {
      await Promise.all([hub.close(), cdn.close()]);
    },
  });
}

async function describeModel(id: string, repository: Repository): Promise<object> {
  const siblings = [];
  for (const path of pathsOf(repository)) {
    const file = await hubFile(repository, path);
    if (!file) continue;
    const { sizeBytes: size, blobId, sha256 } = file;
    const lfs = sha256 && { sha256, size, pointerSize: pointerText(sha256, size).length };
    siblings.push({ rfilename: path, size, blobId, ...(lfs && { lfs }) });
  }
  const { gated = false, licence = 'apache-2.0' } = repository;
  return {
    id,
    sha: commit,
    private: false,
    gated: gated && 'auto',
    cardData: { license: licence },
    siblings,
  };
}

/** Faults that stand in place of the answer. */
function actOut(fault: Fault, outgoing: ServerResponse): boolean {
  if (fault.kind === 'html') {
    outgoing.setHeader('content-type', 'text/html; charset=utf-8');
    outgoing.end('<!doctype html><title>Sign in</title><p>Please sign in to use this network.');
    return true;
  }
  if (fault.kind !== 'status') return false;
  if (fault.retryAfter !== undefined) outgoing.setHeader('retry-after', fault.retryAfter);
  outgoing.writeHead(fault.status, { 'content-type': 'text/plain' }).end(`status ${fault.status}`);
  return true;
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  outgoing.setHeader('x-error-code', code);
  outgoing.setHeader('x-error-message', message);
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(message);
}

function sendJson(outgoing: ServerResponse, value: object): void {
  outgoing.setHeader('content-type', 'application/json; charset=utf-8');
  outgoing.end(JSON.stringify(value));
}

function rangeOf({ headers }: IncomingMessage): readonly [number, number] | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/u.exec(headers.range ?? '') ?? [];
  if (first === undefined) return undefined;
  return [Number(first), last ? Number(last) + 1 : Number.MAX_SAFE_INTEGER];
}

async function listen(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((incoming, outgoing) => {
    outgoing.setHeader('access-control-allow-origin', incoming.headers.origin ?? '*');
    outgoing.setHeader('access-control-expose-headers', exposed);
    outgoing.setHeader('vary', 'Origin');
    outgoing.setHeader('cache-control', 'no-store');
    if (incoming.method === 'OPTIONS') {
      outgoing.setHeader('access-control-allow-headers', 'authorization,range');
      outgoing.setHeader('access-control-allow-methods', 'GET,HEAD');
      outgoing.writeHead(204).end();
      return;
    }
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
