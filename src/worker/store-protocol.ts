/** What crosses between the page and the worker that keeps models. Types only. */
import type { SerializedEngineError } from '../engine/core/errors.ts';
import type { HubAccess } from '../platform/hub/model-source.ts';
import type { PublishedModel } from '../platform/hub/published-model.ts';
import type { DownloadPlan } from '../platform/store/download-plan.ts';
import type { DownloadProgress } from '../platform/store/download-progress.ts';
import type { ModelRequest } from '../platform/store/model-request.ts';
import type { StoredModel } from '../platform/store/model-store.ts';
import type { StorageEstimate } from '../platform/store/storage.ts';
import type { StoredAs } from '../platform/store/storage-plan.ts';

/** A model of the catalogue, or what someone typed: 'owner/name', 'owner/name@revision', https://... */
export type WantedModel =
  | { readonly kind: 'published'; readonly id: string; readonly storeAs: StoredAs }
  | { readonly kind: 'typed'; readonly text: string; readonly storeAs: StoredAs }
  /** One that was asked for before: to go on with it, or to mend it. */
  | { readonly kind: 'known'; readonly request: ModelRequest };

/** The hub as the reader typed it; empty is the hub's own address. */
export type TypedAccess = HubAccess;

/** A model of the store. */
export interface ListedModel extends StoredModel {
  /** Why the engine can't open it. */
  readonly problem?: SerializedEngineError | undefined;
}

export interface StoreState {
  readonly models: readonly ListedModel[];
  readonly storage: StorageEstimate;
}

export interface WatchOptions {
  /** Pauses: what has come is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

export interface StoreClient {
  published(): Promise<readonly PublishedModel[]>;
  state(): Promise<StoreState>;
  /** Licence, size and room, before anything of the model is fetched. */
  plan(wanted: WantedModel, access: TypedAccess): Promise<DownloadPlan>;
  /** @param licence what the reader accepted */
  download(wanted: WantedModel, licence: string, access: TypedAccess, options: WatchOptions): Promise<void>;
  /** Every block against its digest; damaged ones are fetched again. @returns how many were */
  check(id: string, access: TypedAccess, options: WatchOptions): Promise<number>;
  remove(id: string): Promise<void>;
  dispose(): void;
}

export type { DownloadPlan, DownloadProgress, ModelRequest, PublishedModel, StorageEstimate, StoredModel };
