/** What the page asks of its service worker, over a port of its own. */

export interface KeepOfflineRequest {
  readonly kind: 'keep-offline';
  /** Folders of the models to keep, relative to the models' root: 'nano/unet'. */
  readonly folders: readonly string[];
}

export type KeepOfflineAnswer =
  | { readonly ok: true; readonly files: number; readonly bytes: number }
  | { readonly ok: false; readonly reason: string };
