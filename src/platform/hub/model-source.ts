/** Where a model's files come from: a repository of a hub (or of a mirror of it), or a plain folder on a server. */
import { EngineError } from '../../engine/core/errors.ts';

export interface HubSource {
  readonly kind: 'hub';
  /** 'XCLiu/instaflow_0_9B_from_sd_1_5' */
  readonly id: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}

export interface UrlSource {
  readonly kind: 'url';
  /** Of the folder, without a slash at the end. */
  readonly url: string;
}

export type ModelSource = HubSource | UrlSource;

/** How to reach a hub: its own address or a mirror's, and who asks. */
export interface HubAccess {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly token?: string | undefined;
}

const defaultHubUrl = 'https://huggingface.co';

/** Hub ids as the hub allows them: owner and name of letters, digits, '-', '_' and '.', at most 96 characters each. */
const hubId = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9_][\w.-]{0,95}$/u;
const revisionName = /^[A-Za-z0-9][\w./-]{0,199}$/u;

/**
 * What someone typed or pasted: 'owner/name', 'owner/name@revision', a page of a hub, or the address of a folder.
 * @throws EngineError 'argument-invalid'
 */
export function parseModelSource(typed: string): ModelSource {
  const text = typed.trim().replace(/\/+$/u, '');
  if (/^https?:\/\//u.test(text)) return parseAddress(text);
  const [id = '', revision = 'main', ...rest] = text.split('@');
  if (
    hubId.test(id) &&
    revisionName.test(revision) &&
    rest.length === 0 &&
    !`${id}${revision}`.includes('..')
  ) {
    return { kind: 'hub', id, revision };
  }
  throw invalidSource(typed);
}

function parseAddress(text: string): ModelSource {
  let address: URL;
  try {
    address = new URL(text);
  } catch {
    throw invalidSource(text);
  }
  const { protocol, hostname, pathname } = address;
  if (protocol === 'http:' && !isLoopback(hostname)) {
    throw new EngineError('argument-invalid', 'Models are fetched over https only.', {
      subject: 'address',
      found: text,
      wanted: 'https://..., or http:// on this machine',
      remedy: 'Use the https address of the server.',
    });
  }
  const page = /^\/([^/]+\/[^/]+)(?:\/(?:tree|resolve|blob)\/([^/]+).*)?$/u.exec(pathname);
  if (hostname === 'huggingface.co' && page) return parseModelSource(`${page[1]}@${page[2] ?? 'main'}`);
  return { kind: 'url', url: `${address.origin}${pathname.replace(/\/+$/u, '')}` };
}

/** @throws EngineError 'argument-invalid' for a mirror that is neither https nor on this machine */
export function parseBaseUrl(typed: string): string {
  const source = typed.trim() === '' ? undefined : parseAddress(typed.trim().replace(/\/+$/u, ''));
  if (source === undefined) return defaultHubUrl;
  if (source.kind === 'url') return source.url;
  throw invalidSource(typed);
}

/** @throws EngineError 'argument-invalid' for a path that leaves the repository */
export function fileUrl(source: ModelSource, { baseUrl }: HubAccess, path: string): string {
  assertPlainPath(path);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (source.kind === 'url') return `${source.url}/${encoded}`;
  return `${baseUrl}/${source.id}/resolve/${encodeURIComponent(source.revision)}/${encoded}`;
}

/**
 * The folder's name in the store. A mirror serves the hub's own files, so where they were fetched from is no part
 * of it.
 */
export function sourceFolder(source: ModelSource): string {
  if (source.kind === 'url')
    return `url--${source.url.replace(/^https?:\/\//u, '').replace(/[^\w.-]+/gu, '--')}`;
  const revision = source.revision === 'main' ? '' : `@${source.revision.replaceAll('/', '--')}`;
  return `${source.id.replace('/', '--')}${revision}`;
}

export function sourceTitle(source: ModelSource): string {
  return source.kind === 'url' ? source.url : source.id;
}

/** Names in listings come from a server: none may lead out of the model's folder. */
export function isPlainPath(path: string): boolean {
  return (
    path.length <= 512 &&
    !/[\\\0:]/u.test(path) &&
    path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

function assertPlainPath(path: string): void {
  if (isPlainPath(path)) return;
  throw new EngineError('argument-invalid', `${path} is no path inside a model.`, { subject: path });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/u.test(hostname);
}

function invalidSource(typed: string): EngineError {
  return new EngineError('argument-invalid', 'That is neither a hub id nor an address.', {
    subject: 'model',
    found: typed,
    wanted: 'owner/name, owner/name@revision or https://...',
    remedy: 'Copy the id from the top of the model page.',
  });
}
