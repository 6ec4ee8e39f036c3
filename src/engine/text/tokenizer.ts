/** Port: a CLIP byte-pair tokenizer. The implementation lives in src/platform/tokenizer. */
export interface Tokenizer {
  /**
   * Ids for the text encoder: start token, at most `length - 2` prompt tokens, end token, then padding.
   * Empty, very long, right-to-left and emoji prompts are all legal.
   */
  encode(prompt: string): TokenizedPrompt;
}

export interface TokenizedPrompt {
  /** `length` token ids (77 for CLIP). */
  readonly ids: readonly number[];
  /** Tokens of the whole prompt, start and end included, before cutting. */
  readonly tokenCount: number;
  /** The end of the prompt that was cut off, as text; '' when everything was read. */
  readonly truncated: string;
}
