/**
 * The tokenizer.json that CLIP's published folders often lack, made from vocabulary and merges: what
 * transformers' CLIPTokenizerFast would write, in the format of Hugging Face's `tokenizers`.
 */
import type { ClipVocabulary } from './vocabulary-files.ts';

export function buildTokenizerJson(vocabulary: ClipVocabulary): object {
  const { vocab, merges, startToken, endToken } = vocabulary;
  const special = (content: string) => ({
    id: vocab[content],
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(startToken), special(endToken)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [endToken, vocab[endToken]],
      cls: [startToken, vocab[startToken]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: endToken,
      continuing_subword_prefix: '',
      end_of_word_suffix: wordEnd,
      fuse_unk: false,
      vocab,
      merges: merges.map(([first, second]) => `${first} ${second}`),
    },
  };
}

/** What marks a word's last symbol in CLIP's vocabularies. */
export const wordEnd = '</w>';
