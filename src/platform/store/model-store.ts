/** Models in the store: planned, downloaded, checked before use, listed, removed. */
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { fileChanged } from '../hub/hub-errors.ts';
import type { Transport } from '../hub/transport.ts';
import { damagedBlocks, repairBlocks } from './check-file.ts';
import { downloadFile } from './download-file.ts';
import { type DownloadPace, defaultPace } from './download-pace.ts';
import { createDownloadMeter, type DownloadProgress } from './download-progress.ts';
import { type FileManifest, isComplete, parseFileManifest, vouchedBytes } from './file-manifest.ts';
import { readJournaled, removeJournaled, writeJournaled } from './journaled-document.ts';
import type { Locks } from './locks.ts';
import { type ModelRecord, type RecordedFile, readRecord, readRecords } from './model-record.ts';
import type { ModelRequest } from './model-request.ts';
import { remoteOf } from './remote-of.ts';
import { giveBack, reserveRoom } from './reserve-room.ts';
import {
  expectedStoredBytes,
  type HubConnection,
  headersFor,
  type ResolvedFile,
  type ResolvedModel,
  resolveModel,
} from './resolve-model.ts';
import type { ModelStorage } from './storage.ts';
import { dataPath, fileLock, manifestPath, recordPath } from './stored-path.ts';
import { type OpenHash, openHash as openHashHere } from './streaming-hash.ts';

export interface ModelStoreOptions {
  readonly storage: ModelStorage;
  readonly locks: Locks;
  readonly transport: Transport;
  readonly pace?: DownloadPace | undefined;
  /** Default: hashes are computed on this thread. */
  readonly openHash?: OpenHash | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export interface DownloadPlan {
  readonly request: ModelRequest;
  readonly fileCount: number;
  /** Of all files as published. */
  readonly sizeBytes: number;
  /** Still to be fetched, and still to be written; the latter is an estimate where files are converted. */
  readonly downloadBytes: number;
  readonly storeBytes: number;
  readonly freeBytes: number;
  readonly gated: boolean;
  readonly licences: readonly string[];
}

export interface StoredModel {
  readonly request: ModelRequest;
  readonly complete: boolean;
  readonly accepted: ModelRecord['accepted'];
  /** Of its files as published. */
  readonly sizeBytes: number;
  /** On disk, files shared with other models included. */
  readonly storedBytes: number;
  /** What removing it would free. */
  readonly ownBytes: number;
}

export interface DownloadOptions {
  readonly access: HubConnection['access'];
  /** Pauses: what has come is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

export class ModelStore {
  readonly #options: ModelStoreOptions;
  /** Files whose blocks were all right once in this session. */
  readonly #checked = new Set<string>();

  constructor(options: ModelStoreOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly StoredModel[]> {
    const { storage } = this.#options;
    const records = await readRecords(storage);
    const users = new Map<string, number>();
    for (const { file } of records.flatMap(({ files }) => files)) users.set(file, (users.get(file) ?? 0) + 1);
    return Promise.all(
      records.map(async ({ request, files, complete, accepted }) => {
        const manifests = await Promise.all(files.map(({ file }) => this.#manifest(file)));
        const stored = manifests.map((manifest) => (manifest ? vouchedBytes(manifest) : 0));
        const sum = (numbers: readonly number[]) => numbers.reduce((total, bytes) => total + bytes, 0);
        return {
          request,
          complete: complete && manifests.every(isComplete),
          accepted,
          sizeBytes: sum(files.map(({ sizeBytes }) => sizeBytes)),
          storedBytes: sum(stored),
          ownBytes: sum(stored.filter((_, i) => users.get(files[i]!.file) === 1)),
        };
      }),
    );
  }

  /**
   * What a download would take, before any of it is fetched.
   * @throws EngineError as `resolveModel`
   */
  async plan(request: ModelRequest, connection: Omit<HubConnection, 'transport'>): Promise<DownloadPlan> {
    const { storage } = this.#options;
    // Somebody waits for the answer: a hub that can't be reached is said after a few seconds.
    const transport = { ...this.#options.transport, attempts: 3 };
    const resolved = await resolveModel(request, { ...connection, transport });
    return this.#plan(request, resolved, (await storage.estimate()).freeBytes);
  }

  /**
   * Fetches what is missing of a model. One tab at a time; another waits and then finds it done.
   * @param licence what the reader accepted
   * @throws EngineError 'storage-full' before anything is fetched where it can't fit; as `resolveModel` and
   *   `downloadFile`. What has come stays for the next call.
   */
  download(request: ModelRequest, licence: string, options: DownloadOptions): Promise<void> {
    const { locks, now } = this.#options;
    const meter = createDownloadMeter(now, options.onProgress);
    return locks.exclusive(`model:${request.id}`, () => this.#download(request, licence, options, meter), {
      signal: options.signal,
      onWait: () => meter.tell('waiting', 'another tab is downloading it'),
    });
  }

  /**
   * Every block of a model against its digest, once a session; damaged ones are fetched again.
   * @returns how many blocks were mended
   * @throws EngineError 'file-malformed' naming the file where it is damaged and the hub can't be reached (with that
   *   as the cause); 'file-not-found' for a model that isn't stored; 'aborted'
   */
  async check(id: string, options: DownloadOptions): Promise<number> {
    const record = await this.#record(id);
    const total = record.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const meter = createDownloadMeter(this.#options.now, options.onProgress);
    meter.start(total);
    let mended = 0;
    for (const file of record.files) mended += await this.#checkFile(file, options, meter.add);
    return mended;
  }

  /**
   * Removes a model and the files that no other model needs.
   * @throws EngineError 'storage-busy' when another tab downloads it or has it open
   */
  async remove(id: string): Promise<void> {
    const { storage, locks } = this.#options;
    const removed = await locks.ifFree(`model:${id}`, async () => {
      const others = (await readRecords(storage)).filter(({ request }) => request.id !== id);
      const needed = new Set(others.flatMap(({ files }) => files.map(({ file }) => file)));
      const record = await readRecord(storage, id);
      for (const { file } of record?.files ?? []) {
        if (needed.has(file)) continue;
        const done = await locks.ifFree(fileLock(file), async () => {
          this.#checked.delete(file);
          await removeJournaled(storage, manifestPath(file));
          await storage.remove(dataPath(file));
        });
        if (done === 'held') throw busy(id);
      }
      await removeJournaled(storage, recordPath(id));
    });
    if (removed === 'held') throw busy(id);
  }

  async #download(
    request: ModelRequest,
    licence: string,
    { access, signal }: DownloadOptions,
    meter: ReturnType<typeof createDownloadMeter>,
  ): Promise<void> {
    const { storage, locks } = this.#options;
    meter.tell('asking');
    const transport: Transport = {
      ...this.#options.transport,
      onWait: ({ milliseconds, reason }) => meter.tell('waiting', reason, milliseconds),
    };
    const connection: HubConnection = { access, transport, signal };
    const resolved = await resolveModel(request, connection);
    const { freeBytes } = await storage.estimate();
    const plan = await this.#plan(request, resolved, freeBytes);
    if (plan.storeBytes > freeBytes) throw noRoom(plan);
    const files = resolved.files.map(({ file, path, url, sizeBytes }) => ({ file, path, url, sizeBytes }));
    const accepted = { licence, at: new Date().toISOString() };
    const record: ModelRecord = { request, files, complete: false, accepted };
    await writeJournaled(storage, recordPath(request.id), record);
    await this.#reserve(resolved, request, plan, signal);
    meter.start(plan.sizeBytes);
    for (const [i, file] of resolved.files.entries()) {
      throwIfAborted(signal);
      meter.file(file.path, i, resolved.files.length);
      const manifest = await this.#manifest(file.file);
      if (isComplete(manifest) && (await storage.snapshot(dataPath(file.file)))) {
        assertListed(manifest, file);
        meter.resume(file.sizeBytes);
        continue;
      }
      await locks.exclusive(fileLock(file.file), () => this.#downloadFile(file, request, connection, meter), {
        signal,
        onWait: () => meter.tell('waiting', 'another tab is using the file'),
      });
    }
    await writeJournaled(storage, recordPath(request.id), { ...record, complete: true });
    meter.tell('done');
  }

  /** @throws EngineError 'storage-full', with nothing taken */
  async #reserve(
    { files }: ResolvedModel,
    { storeAs }: ModelRequest,
    plan: DownloadPlan,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { storage, locks } = this.#options;
    const taken: { readonly file: string; readonly before: number }[] = [];
    const alone = (file: string, work: () => Promise<void>) =>
      locks.exclusive(fileLock(file), work, { signal });
    try {
      for (const resolved of files) {
        const { file } = resolved;
        const manifest = await this.#manifest(file);
        if (isComplete(manifest)) continue;
        const size = manifest?.storedBytes ?? expectedStoredBytes(resolved, storeAs);
        await alone(file, async () => {
          taken.push({ file, before: await reserveRoom(storage, file, size) });
        });
      }
    } catch (thrown) {
      for (const { file, before } of taken) await alone(file, () => giveBack(storage, file, before));
      if (thrown instanceof EngineError && thrown.code === 'storage-full') throw noRoom(plan);
      throw thrown;
    }
  }

  async #downloadFile(
    file: ResolvedFile,
    { storeAs }: ModelRequest,
    connection: HubConnection,
    meter: ReturnType<typeof createDownloadMeter>,
  ): Promise<void> {
    const { storage, pace = defaultPace, openHash = openHashHere } = this.#options;
    const { transport, signal, access } = connection;
    const remote = await remoteOf(file, connection);
    await downloadFile(storage, file.file, remote, {
      transport,
      headers: headersFor(file.url, access),
      signal,
      pace,
      storeAs,
      openHash,
      onBytes: meter.add,
      onResumed: meter.resume,
    });
    // The hash of every byte was right a moment ago.
    this.#checked.add(file.file);
  }

  async #checkFile(
    file: RecordedFile,
    { access, signal }: DownloadOptions,
    onBytes: (count: number) => void,
  ): Promise<number> {
    if (this.#checked.has(file.file)) {
      onBytes(file.sizeBytes);
      return 0;
    }
    const { storage, locks, transport } = this.#options;
    const manifest = await this.#manifest(file.file);
    if (!isComplete(manifest)) throw notStored(file.file);
    const damaged = await damagedBlocks(storage, file.file, manifest, signal, onBytes);
    if (damaged.length > 0) {
      const connection = { access, transport, signal };
      const mend = async () => {
        const remote = await remoteOf({ ...file, listed: undefined, remote: undefined }, connection);
        await repairBlocks(storage, file.file, manifest, remote, damaged, {
          transport,
          headers: headersFor(file.url, access),
          signal,
        });
      };
      const done = await locks.ifFree(fileLock(file.file), mend).catch((cause: unknown) => {
        throwIfAborted(signal);
        throw damagedOffline(file.file, damaged.length, cause);
      });
      if (done === 'held') throw busy(file.file);
    }
    this.#checked.add(file.file);
    return damaged.length;
  }

  async #plan(request: ModelRequest, resolved: ResolvedModel, freeBytes: number): Promise<DownloadPlan> {
    let downloadBytes = 0;
    let storeBytes = 0;
    for (const file of resolved.files) {
      const manifest = await this.#manifest(file.file);
      const rest = 1 - (manifest ? manifest.blocks.length / manifest.blockCount : 0);
      const whole = manifest?.storedBytes ?? expectedStoredBytes(file, request.storeAs);
      downloadBytes += Math.round(file.sizeBytes * rest);
      storeBytes += Math.round(whole * rest);
    }
    const { files, gated, licences } = resolved;
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return {
      request,
      fileCount: files.length,
      sizeBytes,
      downloadBytes,
      storeBytes,
      freeBytes,
      gated,
      licences,
    };
  }

  async #manifest(file: string): Promise<FileManifest | undefined> {
    return parseFileManifest(await readJournaled(this.#options.storage, manifestPath(file)));
  }

  async #record(id: string): Promise<ModelRecord> {
    const record = await readRecord(this.#options.storage, id);
    if (record) return record;
    throw notStored(id);
  }
}

/** @throws EngineError 'file-changed' for a stored file of another version than the hub's present one */
function assertListed({ expectedSha256 }: FileManifest, { path, listed }: ResolvedFile): void {
  if (expectedSha256 === undefined || listed?.sha256 === undefined || expectedSha256 === listed.sha256)
    return;
  throw fileChanged(path, `SHA-256 ${listed.sha256}`, `SHA-256 ${expectedSha256}, as stored`);
}

function noRoom({ storeBytes, freeBytes, request }: DownloadPlan): EngineError {
  return new EngineError('storage-full', `There is not enough room for ${request.title}.`, {
    subject: request.id,
    found: freeBytes < storeBytes ? `${freeBytes} bytes free` : 'less than the browser estimated',
    wanted: `${storeBytes} bytes`,
    remedy: 'Delete a stored model, free space on the disk, or keep the weights as float16.',
  });
}

function notStored(id: string): EngineError {
  return new EngineError('file-not-found', `${id} is not in the store.`, {
    subject: id,
    found: 'no complete copy',
    wanted: 'a downloaded model',
    remedy: 'Download it first.',
  });
}

function busy(id: string): EngineError {
  return new EngineError('storage-busy', `${id} is in use in another tab.`, {
    subject: id,
    found: 'a lock held by another tab',
    wanted: 'no other user',
    remedy: 'Close the other tab, or wait until it is done.',
  });
}

function damagedOffline(file: string, count: number, cause: unknown): EngineError {
  const { message } = EngineError.from(cause);
  return new EngineError('file-malformed', `${file} is damaged on disk and could not be mended.`, {
    subject: file,
    found: `${count} ${count === 1 ? 'block' : 'blocks'} with other bytes than were stored (${message})`,
    wanted: 'the bytes that were downloaded',
    remedy: 'Connect and open the model again: only the damaged blocks are fetched.',
    cause,
  });
}
