/**
 * CLIP's byte-pair tokenizer over @xenova/transformers, equal to Hugging Face's Rust implementation on CLIP's
 * tokenizer.json. Truncation and padding are ours, so that what was cut can be told.
 */

import { layTokenWindow } from '../../engine/text/token-window.ts';
import type { TokenizedPrompt, Tokenizer } from '../../engine/text/tokenizer.ts';
import { normalisePrompt, unreadText } from '../../engine/text/unread-text.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { CLIPTokenizer } from './offline-library.ts';
import { buildTokenizerJson, wordEnd } from './tokenizer-json.ts';
import { type ClipVocabulary, readClipVocabulary } from './vocabulary-files.ts';

/**
 * @param folder of the tokenizer inside `files`: 'tokenizer'
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid'
 */
export async function loadClipTokenizer(files: ModelFiles, folder: string): Promise<Tokenizer> {
  return createClipTokenizer(await readClipVocabulary(files, folder));
}

function createClipTokenizer(vocabulary: ClipVocabulary): Tokenizer {
  const { vocab, startToken, endToken, padToken, length } = vocabulary;
  const library = new CLIPTokenizer(buildTokenizerJson(vocabulary), {
    bos_token: startToken,
    eos_token: endToken,
    unk_token: endToken,
    pad_token: padToken,
  });
  const window = { start: vocab[startToken]!, end: vocab[endToken]!, pad: vocab[padToken]!, length };
  const bytesOfId = new Map(Object.entries(vocab).map(([token, id]) => [id, tokenBytes(token)]));

  return {
    encode(prompt): TokenizedPrompt {
      const tokens = library.encode(normalisePrompt(prompt), { add_special_tokens: false });
      const { ids, kept } = layTokenWindow(tokens, window);
      const readBytes = () => tokens.slice(0, kept).reduce((sum, id) => sum + (bytesOfId.get(id) ?? 0), 0);
      return {
        ids,
        tokenCount: tokens.length + 2,
        truncated: kept === tokens.length ? '' : unreadText(prompt, readBytes()),
      };
    },
  };
}

/** UTF-8 bytes of the text that a token stands for: byte-level spelling has one character a byte. */
function tokenBytes(token: string): number {
  return [...(token.endsWith(wordEnd) ? token.slice(0, -wordEnd.length) : token)].length;
}
