/** What is timed against what: two ways to fetch and drop, two ways to keep. */
export const variants = ['one-stream', 'short-ranges', 'original', 'float16'] as const;

export type Variant = (typeof variants)[number];

/** What the page is asked to do. */
export interface Job {
  readonly variant: Variant;
  readonly hub: string;
  readonly model: string;
  /** Of the weights, for fetches without the store. */
  readonly url: string;
  readonly sizeBytes: number;
}
