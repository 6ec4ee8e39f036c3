/** What comlink exposes of the store's worker; `store-client.ts` turns it into a StoreClient. */
import type { Outcome } from './outcome.ts';
import type {
  DownloadPlan,
  DownloadProgress,
  PublishedModel,
  StoreState,
  TypedAccess,
  WantedModel,
} from './store-protocol.ts';

type OnProgress = (progress: DownloadProgress) => void;

export interface StoreApi {
  /** First: where the catalogue lies, with a slash at the end. */
  open(modelsRoot: string): Promise<Outcome<void>>;
  published(): Promise<Outcome<readonly PublishedModel[]>>;
  state(): Promise<Outcome<StoreState>>;
  plan(wanted: WantedModel, access: TypedAccess): Promise<Outcome<DownloadPlan>>;
  /** @param id names the call to `stop` */
  download(
    id: number,
    wanted: WantedModel,
    licence: string,
    access: TypedAccess,
    onProgress: OnProgress,
  ): Promise<Outcome<void>>;
  check(id: number, model: string, access: TypedAccess, onProgress: OnProgress): Promise<Outcome<number>>;
  remove(model: string): Promise<Outcome<void>>;
  /** The call ends with 'aborted' once what has come is safe; unknown and ended ids are ignored. */
  stop(id: number): void;
}
