/**
 * A prompt's tokens laid into one window of a text encoder: start, at most length - 2 tokens, end, padding
 * (transformers' CLIPTokenizer with truncation and padding to `model_max_length`).
 */

/** The window of CLIP text encoders: their position table has 77 rows. */
export const clipWindowLength = 77;

export interface WindowTokens {
  readonly start: number;
  readonly end: number;
  readonly pad: number;
  /** Ids in a window, at least 3. */
  readonly length: number;
}

export interface TokenWindow {
  /** `length` ids. */
  readonly ids: readonly number[];
  /** How many of the prompt's tokens are in the window; the rest was cut. */
  readonly kept: number;
}

/** @param tokens the prompt's ids, without start and end */
export function layTokenWindow(tokens: readonly number[], window: WindowTokens): TokenWindow {
  const kept = Math.min(tokens.length, window.length - 2);
  const ids = [window.start, ...tokens.slice(0, kept), window.end];
  while (ids.length < window.length) ids.push(window.pad);
  return { ids, kept };
}
