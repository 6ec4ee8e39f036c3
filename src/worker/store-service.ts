/** The store behind its worker's face: what the page asks for by name becomes requests to the store. */
import { EngineError, type SerializedEngineError } from '../engine/core/errors.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { parseBaseUrl, parseModelSource } from '../platform/hub/model-source.ts';
import { type PublishedModel, readPublishedModels } from '../platform/hub/published-model.ts';
import type { DownloadPlan } from '../platform/store/download-plan.ts';
import { type ModelRequest, requestOfPublished, requestOfSource } from '../platform/store/model-request.ts';
import type { DownloadOptions, ModelStore } from '../platform/store/model-store.ts';
import { SnapshotFiles } from '../platform/store/snapshot-files.ts';
import type { ModelStorage } from '../platform/store/storage.ts';
import { assertUsable, typedFolder } from '../platform/store/stored-descriptors.ts';
import { dataPath } from '../platform/store/stored-path.ts';
import type { StoreState, TypedAccess, WantedModel } from './store-protocol.ts';

export interface StoreServiceOptions {
  readonly store: ModelStore;
  readonly storage: ModelStorage;
  /** The models' root, with `catalog.json`. */
  readonly openCatalogue: () => Promise<ModelFiles>;
}

type Watch = Omit<DownloadOptions, 'access'>;

export class StoreService {
  readonly #options: StoreServiceOptions;
  #published: Promise<readonly PublishedModel[]> | undefined;

  constructor(options: StoreServiceOptions) {
    this.#options = options;
  }

  /** @throws EngineError as `readPublishedModels` */
  published(): Promise<readonly PublishedModel[]> {
    const published = this.#published ?? this.#options.openCatalogue().then(readPublishedModels);
    this.#published = published;
    published.catch(() => {
      this.#published = undefined;
    });
    return published;
  }

  async state(): Promise<StoreState> {
    const { store, storage } = this.#options;
    const published = await this.#publishedIds();
    const files = new SnapshotFiles('the store', (path) => storage.snapshot(dataPath(path)));
    const models = (await store.list()).map(async (model) => {
      const { complete, request } = model;
      // The catalogue's are known to work.
      const isTyped = complete && !published.has(request.id);
      return isTyped ? { ...model, problem: await problemOf(typedFolder(request, files)) } : model;
    });
    return { models: await Promise.all(models), storage: await storage.estimate() };
  }

  /** @throws EngineError 'argument-invalid' for what was typed; as `ModelStore.plan` */
  async plan(wanted: WantedModel, access: TypedAccess): Promise<DownloadPlan> {
    return this.#options.store.plan(await this.#request(wanted), { access: readAccess(access) });
  }

  /**
   * What was typed is looked at first: a model that the engine can't open is refused before its weights are fetched.
   * @throws EngineError 'argument-invalid' for what was typed; as `assertUsable` and `ModelStore.download`
   */
  async download(wanted: WantedModel, licence: string, access: TypedAccess, watch: Watch): Promise<void> {
    const request = await this.#request(wanted);
    const isTyped = !(await this.#publishedIds()).has(request.id);
    await this.#options.store.download(request, licence, {
      ...watch,
      access: readAccess(access),
      inspect: isTyped ? assertUsable : undefined,
    });
  }

  /** @throws EngineError as `ModelStore.check` */
  check(id: string, access: TypedAccess, watch: Watch): Promise<number> {
    return this.#options.store.check(id, { ...watch, access: readAccess(access) });
  }

  /** @throws EngineError 'storage-busy' */
  remove(id: string): Promise<void> {
    return this.#options.store.remove(id);
  }

  /** None where the catalogue can't be read: every model is then looked at. */
  async #publishedIds(): Promise<ReadonlySet<string>> {
    return new Set((await this.published().catch(() => [])).map(({ id }) => id));
  }

  async #request(wanted: WantedModel): Promise<ModelRequest> {
    if (wanted.kind === 'known') return wanted.request;
    if (wanted.kind === 'typed') {
      // Half the bytes where the repository has such files: no copy is larger than what is kept.
      const precision = wanted.storeAs === 'float16' ? 'fp16' : 'full';
      return requestOfSource(parseModelSource(wanted.text), wanted.storeAs, precision);
    }
    const models = await this.published();
    const model = models.find(({ id }) => id === wanted.id);
    if (model) return requestOfPublished(model, wanted.storeAs);
    throw new EngineError('argument-invalid', `The catalogue has no published model '${wanted.id}'.`, {
      subject: 'model',
      found: wanted.id,
      wanted: models.map(({ id }) => id).join(', '),
    });
  }
}

/** Why the engine can't open a model; undefined where it can. */
async function problemOf(files: ModelFiles): Promise<SerializedEngineError | undefined> {
  try {
    await assertUsable(files);
    return undefined;
  } catch (thrown) {
    return EngineError.from(thrown).toJSON();
  }
}

function readAccess({ baseUrl, token }: TypedAccess): TypedAccess {
  return { baseUrl: parseBaseUrl(baseUrl), token: token?.trim() || undefined };
}
