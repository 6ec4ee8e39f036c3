/** What goes wrong on the way: each fault that the hub's clients meet, for the local hub to act out. */

export type Fault =
  /** 401, 403, 404, 416, 429, 500, 502, 503 ... in place of the file. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string | undefined }
  /** A page with status 200: a captive portal, a login, a proxy's excuse. */
  | { readonly kind: 'html' }
  /** The text that stands in git for an LFS file. */
  | { readonly kind: 'pointer' }
  /** Sends that many bytes of the body, then nothing more, and keeps the connection open. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** Breaks the connection after that many bytes of the body. */
  | { readonly kind: 'drop'; readonly afterBytes: number }
  /** The whole file with status 200, whatever range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Another version of the file. */
  | { readonly kind: 'etag'; readonly etag: string }
  /** Every byte of the body turned over: wrong bytes of the right number. */
  | { readonly kind: 'corrupt' };

export interface HubRequest {
  readonly origin: 'hub' | 'cdn';
  readonly method: string;
  /** Path inside the repository; the address' path for API calls. */
  readonly path: string;
  readonly range: readonly [begin: number, end: number] | undefined;
  readonly authorization: string | undefined;
  /** How often the same origin was asked for the same path and range before. */
  readonly before: number;
}

/** Asked for each request; undefined serves it as it should be. */
export type FaultPlan = (request: HubRequest) => Fault | undefined;
