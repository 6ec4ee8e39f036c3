/** From a request to files: what the hub has of it now, which of it is needed, and how large it is. */
import { EngineError } from '../../engine/core/errors.ts';
import { exportedDataNames } from '../../engine/pipeline/exported/data-names.ts';
import { readShardIndex } from '../../engine/weights/shard-index.ts';
import {
  candidateFiles,
  chooseFiles,
  type FileChoice,
  type WeightCandidate,
  weightCandidates,
} from '../hub/choose-files.ts';
import type { RangeOptions } from '../hub/fetch-range.ts';
import { fetchModelListing, type ListedModelFile, type ModelListing } from '../hub/model-listing.ts';
import { fileUrl, type HubAccess, type ModelSource, sourceFolder, sourceTitle } from '../hub/model-source.ts';
import { readRemote } from '../hub/read-remote.ts';
import { probeRemoteFile, type RemoteFile } from '../hub/remote-file.ts';
import type { Transport } from '../hub/transport.ts';
import type { ModelRequest, RequestedParts } from './model-request.ts';
import { oneFile } from './one-file.ts';
import type { StoredAs } from './storage-plan.ts';

export interface ResolvedFile {
  /** In the store: '<source folder>/<path>'. */
  readonly file: string;
  readonly path: string;
  readonly url: string;
  readonly sizeBytes: number;
  readonly listed: ListedModelFile | undefined;
  /** Asked for already, where there was no listing. */
  readonly remote: RemoteFile | undefined;
  /** On disk, once the file's header was looked at. */
  readonly storedBytes?: number | undefined;
}

export interface ResolvedModel {
  readonly files: readonly ResolvedFile[];
  readonly gated: boolean;
  /** As the model cards name them. */
  readonly licences: readonly string[];
}

export interface HubConnection {
  readonly access: HubAccess;
  readonly transport: Transport;
  readonly signal?: AbortSignal | undefined;
}

/** A token goes to the hub that it was entered for, and nowhere else. */
export function headersFor(url: string, { token, baseUrl }: HubAccess): Record<string, string> {
  return token && url.startsWith(`${baseUrl}/`) ? { authorization: `Bearer ${token}` } : {};
}

/**
 * Fetches no weights: listings, and the first bytes of each file where a server has no listing.
 * @throws EngineError 'access-denied' | 'file-not-found' | 'file-malformed' | 'network-failed' | 'aborted'
 */
export async function resolveModel(request: ModelRequest, connection: HubConnection): Promise<ResolvedModel> {
  const files = new Map<string, ResolvedFile>();
  const listings: ModelListing[] = [];
  for (const parts of request.parts) {
    const { source } = parts;
    const { access, transport, signal } = connection;
    const listing =
      source.kind === 'hub'
        ? await fetchModelListing(source, access, transport, headersFor(`${access.baseUrl}/`, access), signal)
        : undefined;
    if (listing) listings.push(listing);
    const found = listing ? fromListing(parts, listing, access) : await byAsking(parts, connection);
    for (const file of found) files.set(file.file, file);
  }
  return {
    files: [...files.values()].sort((a, b) => a.sizeBytes - b.sizeBytes),
    gated: listings.some(({ gated }) => gated),
    licences: [...new Set(listings.flatMap(({ licence }) => (licence === undefined ? [] : [licence])))],
  };
}

/** An estimate before the header is known: float32 weights take half. */
export function expectedStoredBytes(file: ResolvedFile, storeAs: StoredAs): number {
  const { sizeBytes, storedBytes } = file;
  return storedBytes ?? (mayBeHalved(file, storeAs) ? Math.ceil(sizeBytes / 2) : sizeBytes);
}

/** Whether a file is converted if its header says float32. */
export function mayBeHalved({ path }: Pick<ResolvedFile, 'path'>, storeAs: StoredAs): boolean {
  return storeAs === 'float16' && path.endsWith('.safetensors') && !path.includes('.fp16.');
}

function fromListing(
  { source, ...choice }: RequestedParts,
  listing: ModelListing,
  access: HubAccess,
): readonly ResolvedFile[] {
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  // All from one commit, whatever the branch does meanwhile.
  const pinned: ModelSource =
    source.kind === 'hub' && listing.commit ? { ...source, revision: listing.commit } : source;
  return chooseFiles([...byPath.keys()], choice).map((path) => {
    const listed = byPath.get(path)!;
    const url = fileUrl(pinned, access, path);
    return {
      file: `${sourceFolder(source)}/${path}`,
      path,
      url,
      sizeBytes: listed.sizeBytes,
      listed,
      remote: undefined,
    };
  });
}

/** A server without a listing is asked for one name after the other. */
async function byAsking(
  { source, ...choice }: RequestedParts,
  { access, transport, signal }: HubConnection,
): Promise<readonly ResolvedFile[]> {
  const found = new Map<string, RemoteFile>();
  let denied: unknown;
  const connectionTo = (url: string) => ({ transport, headers: headersFor(url, access), signal });
  const ask = async (path: string): Promise<RemoteFile | undefined> => {
    const url = fileUrl(source, access, path);
    try {
      const remote = await probeRemoteFile(url, path, connectionTo(url));
      found.set(path, remote);
      return remote;
    } catch (thrown) {
      // A bucket that lists nothing answers so for what it doesn't have.
      if (source.kind === 'url' && isDenied(thrown)) denied ??= thrown;
      else if (!isMissing(thrown)) throw thrown;
      return undefined;
    }
  };
  for (const path of candidateFiles(choice)) await ask(path);
  for (const component of choice.components) {
    for (const { path, kind } of weightCandidates(component, choice.precision)) {
      const remote = await ask(path);
      if (!remote) continue;
      const besides = await filesBeside(remote, kind, connectionTo(remote.url));
      for (const other of besides) if (!found.has(other)) await ask(other);
      break;
    }
  }
  if (found.size === 0) throw denied ?? nothingThere(source);
  return chosenOf([...found.keys()], choice, denied).map((path) => {
    const remote = found.get(path)!;
    const { url, sizeBytes } = remote;
    return { file: `${sourceFolder(source)}/${path}`, path, url, sizeBytes, listed: undefined, remote };
  });
}

/** @throws EngineError why a file was refused, where weights are missing; as `chooseFiles` */
function chosenOf(paths: readonly string[], choice: FileChoice, denied: unknown): readonly string[] {
  try {
    return chooseFiles(paths, choice);
  } catch (thrown) {
    throw denied ?? thrown;
  }
}

/** What belongs to a file of weights that is there. @throws EngineError as `readShardIndex` and `readRemote` */
async function filesBeside(
  remote: RemoteFile,
  kind: WeightCandidate['kind'],
  options: RangeOptions,
): Promise<readonly string[]> {
  const { path } = remote;
  if (kind === 'single') return [];
  if (kind === 'shard index') return shardsOf(remote, options);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return ['config.json', ...exportedDataNames].map((name) => folder + name);
}

/** Paths of the files that an index names. @throws EngineError as `readShardIndex` and `readRemote` */
async function shardsOf(remote: RemoteFile, options: RangeOptions): Promise<readonly string[]> {
  const { path, sizeBytes } = remote;
  const files = oneFile(path, sizeBytes, (begin, end) => readRemote(remote, begin, end, options));
  return [...new Set((await readShardIndex(files, path)).values())];
}

function isDenied(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.code === 'access-denied';
}

/** A single-page server answers with its page where it has no file. */
function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof EngineError &&
    (thrown.code === 'file-not-found' ||
      (thrown.code === 'file-malformed' && thrown.found?.startsWith('HTML') === true))
  );
}

function nothingThere(source: ModelSource): EngineError {
  const title = sourceTitle(source);
  return new EngineError('file-not-found', `No model was found at ${title}.`, {
    subject: title,
    found: 'none of the files of a diffusers folder',
    wanted: 'model_index.json, unet/config.json ...',
    remedy: 'Check the id or the address.',
  });
}
