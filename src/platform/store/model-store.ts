/** Models in the store: planned, downloaded, checked before use, listed, removed. */
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import type { Transport } from '../hub/transport.ts';
import { damagedBlocks, repairBlocks } from './check-file.ts';
import { assertSameVersion, downloadFile, planFor } from './download-file.ts';
import { type DownloadPace, defaultPace } from './download-pace.ts';
import { type DownloadPlan, noRoom, planDownload } from './download-plan.ts';
import { createDownloadMeter, type DownloadProgress } from './download-progress.ts';
import {
  type FileManifest,
  fetchedShare,
  isComplete,
  parseFileManifest,
  vouchedBytes,
} from './file-manifest.ts';
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
  mayBeHalved,
  type ResolvedFile,
  type ResolvedModel,
  resolveModel,
} from './resolve-model.ts';
import { ResolvedFiles } from './resolved-files.ts';
import type { ModelStorage } from './storage.ts';
import { busy, damagedOffline, notStored } from './store-errors.ts';
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

export interface StoredModel {
  readonly request: ModelRequest;
  readonly complete: boolean;
  readonly accepted: ModelRecord['accepted'];
  /** Of its files as published. */
  readonly sizeBytes: number;
  /** Of those, what has been fetched. */
  readonly receivedBytes: number;
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

export interface FetchOptions extends DownloadOptions {
  /** Looks at a model on the hub before anything of it is kept; throws where it can't be used. */
  readonly inspect?: ((files: ModelFiles) => Promise<void>) | undefined;
}

export class ModelStore {
  readonly #options: ModelStoreOptions;
  /** Files whose blocks were all right once in this session, by name and version. */
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
        const received = files.map(({ sizeBytes }, i) => sizeBytes * fetchedShare(manifests[i]));
        const sum = (numbers: readonly number[]) => numbers.reduce((total, bytes) => total + bytes, 0);
        return {
          request,
          complete: complete && manifests.every(isComplete),
          accepted,
          sizeBytes: sum(files.map(({ sizeBytes }) => sizeBytes)),
          receivedBytes: Math.round(sum(received)),
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
    // Somebody waits for the answer: a hub that can't be reached is said after a few seconds.
    const transport = { ...this.#options.transport, attempts: 3 };
    const resolved = await resolveModel(request, { ...connection, transport });
    return this.#plan(request, resolved);
  }

  /**
   * Fetches what is missing of a model. One tab at a time; another waits and then finds it done.
   * @param licence what the reader accepted
   * @throws EngineError 'storage-full' before anything is fetched where it can't fit; as `resolveModel` and
   *   `downloadFile` and `inspect`. What has come stays for the next call.
   */
  download(request: ModelRequest, licence: string, options: FetchOptions): Promise<void> {
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
    return this.checkFiles((await this.#record(id)).files, options);
  }

  /** As `check`, of some files of complete models. */
  async checkFiles(files: readonly RecordedFile[], options: DownloadOptions): Promise<number> {
    const meter = createDownloadMeter(this.#options.now, options.onProgress);
    const manifests = new Map<RecordedFile, FileManifest>();
    for (const file of files) {
      const manifest = await this.#manifest(file.file);
      if (!isComplete(manifest)) throw notStored(file.file);
      manifests.set(file, manifest);
    }
    meter.start([...manifests.values()].reduce((sum, { storedBytes }) => sum + storedBytes, 0));
    let mended = 0;
    for (const [file, manifest] of manifests) {
      mended += await this.#checkFile(file, manifest, options, meter.add);
    }
    return mended;
  }

  /**
   * Removes a model and the files that no other model needs.
   * @throws EngineError 'storage-busy' when another tab downloads it or has it open
   */
  async remove(id: string): Promise<void> {
    const { storage, locks } = this.#options;
    const removed = await locks.ifFree(`model:${id}`, async () => {
      const record = await readRecord(storage, id);
      for (const { file } of record?.files ?? []) {
        const done = await locks.ifFree(fileLock(file), async () => {
          // Asked for each: another model's download may have begun meanwhile.
          if (await this.#isNeededBeside(id, file)) return;
          await removeJournaled(storage, manifestPath(file));
          await storage.remove(dataPath(file));
        });
        if (done === 'held') throw busy(id);
      }
      await removeJournaled(storage, recordPath(id));
    });
    if (removed === 'held') throw busy(id);
  }

  async #isNeededBeside(id: string, file: string): Promise<boolean> {
    const others = (await readRecords(this.#options.storage)).filter(({ request }) => request.id !== id);
    return others.some(({ files }) => files.some((other) => other.file === file));
  }

  async #download(
    request: ModelRequest,
    licence: string,
    { access, signal, inspect }: FetchOptions,
    meter: ReturnType<typeof createDownloadMeter>,
  ): Promise<void> {
    const { storage, locks } = this.#options;
    meter.tell('asking');
    const transport: Transport = {
      ...this.#options.transport,
      onWait: ({ milliseconds, reason }) => meter.tell('waiting', reason, milliseconds),
    };
    const connection: HubConnection = { access, transport, signal };
    const resolved = await this.#sized(await resolveModel(request, connection), request, connection);
    await inspect?.(new ResolvedFiles(request.title, resolved.files, connection));
    await this.#assertOneVersion(resolved);
    const plan = await this.#plan(request, resolved);
    if (plan.roomBytes > plan.freeBytes) throw noRoom(plan);
    const files = resolved.files.map(({ file, path, url, sizeBytes }) => ({ file, path, url, sizeBytes }));
    const accepted = { licence, at: new Date().toISOString() };
    const record: ModelRecord = { request, files, complete: false, accepted };
    // A model that is here stays here, whatever becomes of asking for it again.
    const known = await readRecord(storage, request.id);
    if (!known?.complete) await writeJournaled(storage, recordPath(request.id), record);
    await this.#reserve(resolved, request, plan, signal);
    meter.start(plan.sizeBytes);
    for (const [i, file] of resolved.files.entries()) {
      throwIfAborted(signal);
      meter.file(file.path, i, resolved.files.length);
      await locks.exclusive(fileLock(file.file), () => this.#downloadFile(file, request, connection, meter), {
        signal,
        onWait: () => meter.tell('waiting', 'another tab is using the file'),
      });
    }
    await writeJournaled(storage, recordPath(request.id), { ...record, complete: true });
    meter.tell('done');
  }

  /** Names don't tell whether weights are float32: the headers of what isn't here are looked at. */
  async #sized(
    resolved: ResolvedModel,
    { storeAs }: ModelRequest,
    connection: HubConnection,
  ): Promise<ResolvedModel> {
    const { pace = defaultPace } = this.#options;
    const files = resolved.files.map(async (file) => {
      if (!mayBeHalved(file, storeAs) || (await this.#manifest(file.file))) return file;
      const remote = await remoteOf(file, connection);
      const options = { ...connection, headers: headersFor(file.url, connection.access) };
      const { storedBytes } = await planFor(remote, storeAs, pace.blockBytes, options);
      return { ...file, storedBytes };
    });
    return { ...resolved, files: await Promise.all(files) };
  }

  /**
   * What is here already must be what the hub has now, or two versions would be mixed.
   * @throws EngineError 'file-changed'
   */
  async #assertOneVersion({ files }: ResolvedModel): Promise<void> {
    for (const { file, path, sizeBytes, listed, remote } of files) {
      const manifest = await this.#manifest(file);
      if (isComplete(manifest)) assertSameVersion(manifest, remote ?? { ...listed, path, sizeBytes });
    }
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
        await alone(file, async () => {
          const manifest = await this.#manifest(file);
          if (isComplete(manifest)) return;
          const size = manifest?.storedBytes ?? expectedStoredBytes(resolved, storeAs);
          taken.push({ file, before: await reserveRoom(storage, file, size) });
        });
      }
    } catch (thrown) {
      for (const { file, before } of taken) {
        await alone(file, async () => {
          // Another model may have fetched it meanwhile.
          const manifest = await this.#manifest(file);
          const vouched = manifest ? vouchedBytes(manifest) : 0;
          if (!isComplete(manifest)) await giveBack(storage, file, Math.max(before, vouched));
        });
      }
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
    const manifest = await this.#manifest(file.file);
    const snapshot = await storage.snapshot(dataPath(file.file));
    if (isComplete(manifest) && snapshot?.sizeBytes === manifest.storedBytes) {
      meter.resume(file.sizeBytes);
      return;
    }
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
  }

  async #checkFile(
    file: RecordedFile,
    manifest: FileManifest,
    { access, signal }: DownloadOptions,
    onBytes: (count: number) => void,
  ): Promise<number> {
    const { sha256, storedAs, storedBytes } = manifest;
    // Another version may come under the same name.
    const version = [file.file, sha256, storedAs].join();
    if (this.#checked.has(version)) {
      onBytes(storedBytes);
      return 0;
    }
    const { storage, locks, transport } = this.#options;
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
    this.#checked.add(version);
    return damaged.length;
  }

  async #plan(request: ModelRequest, resolved: ResolvedModel): Promise<DownloadPlan> {
    const { storage } = this.#options;
    const { freeBytes } = await storage.estimate();
    return planDownload(request, resolved, freeBytes, async (file) => ({
      manifest: await this.#manifest(file),
      takenBytes: (await storage.snapshot(dataPath(file)))?.sizeBytes ?? 0,
    }));
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
