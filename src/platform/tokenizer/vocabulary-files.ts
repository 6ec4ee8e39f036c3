/**
 * The files of a published CLIP tokenizer folder, read and checked: vocab.json and merges.txt, or the same two
 * inside tokenizer.json; tokenizer_config.json and special_tokens_map.json where there are any.
 */
import { EngineError } from '../../engine/core/errors.ts';
import { joinPath } from '../../engine/pipeline/model-folder.ts';
import { clipWindowLength } from '../../engine/text/token-window.ts';
import { isJsonObject, type JsonObject, parseJsonObject, quote } from '../../engine/weights/json-document.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

export interface ClipVocabulary {
  /** Token to id; tokens are in byte-level spelling, '</w>' marks the end of a word. */
  readonly vocab: Readonly<Record<string, number>>;
  /** Pairs to merge, first come, first merged. */
  readonly merges: readonly (readonly [string, string])[];
  readonly startToken: string;
  readonly endToken: string;
  readonly padToken: string;
  /** Ids in a window. */
  readonly length: number;
}

/** CLIP's own files have 0.9 and 0.5 MB; more than this is no vocabulary. */
const largestFileBytes = 32 * 1024 * 1024;
/** The longest window taken at its word; transformers writes 1e30 where there is no limit. */
const longestWindow = 1024;

/**
 * @param folder of the tokenizer inside `files`: 'tokenizer'
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid'
 */
export async function readClipVocabulary(files: ModelFiles, folder: string): Promise<ClipVocabulary> {
  const [model, config, map] = await Promise.all([
    readModel(files, folder),
    readOptional(files, joinPath(folder, 'tokenizer_config.json')),
    readOptional(files, joinPath(folder, 'special_tokens_map.json')),
  ]);
  // As transformers does: the map overrides the config, unless the config lists the added tokens itself.
  const newer = config?.document.added_tokens_decoder !== undefined;
  const sources = (newer ? [config, map] : [map, config]).filter((source) => source !== undefined);
  const special = (field: string, otherwise: string) => {
    const token = specialToken(sources, field) ?? otherwise;
    if (Object.hasOwn(model.vocab, token)) return token;
    throw new EngineError(
      'config-invalid',
      `The tokenizer's ${field} ${quote(token)} isn't in its vocabulary.`,
      {
        subject: `${folder}: ${field}`,
        found: quote(token),
        wanted: 'a token of the vocabulary',
        remedy: 'Use the tokenizer folder that was published with this model.',
      },
    );
  };
  const endToken = special('eos_token', '<|endoftext|>');
  return {
    ...model,
    startToken: special('bos_token', '<|startoftext|>'),
    endToken,
    padToken: special('pad_token', endToken),
    length: windowLength(config),
  };
}

interface NamedDocument {
  readonly path: string;
  readonly document: JsonObject;
}

async function readModel(
  files: ModelFiles,
  folder: string,
): Promise<Pick<ClipVocabulary, 'vocab' | 'merges'>> {
  const vocabPath = joinPath(folder, 'vocab.json');
  const mergesPath = joinPath(folder, 'merges.txt');
  const bothInOne = joinPath(folder, 'tokenizer.json');
  if (!(await files.has(vocabPath)) && (await files.has(bothInOne))) {
    const { model } = parseJsonObject(await readWhole(files, bothInOne), bothInOne);
    if (!isJsonObject(model)) throw malformed(bothInOne, 'model', quote(model), 'an object');
    const vocab = checkVocab(model.vocab, bothInOne);
    return { vocab, merges: checkMerges(model.merges, vocab, bothInOne) };
  }
  const vocab = checkVocab(parseJsonObject(await readWhole(files, vocabPath), vocabPath), vocabPath);
  const lines = new TextDecoder().decode(await readWhole(files, mergesPath)).split(/\r?\n/u);
  if (lines[0]?.startsWith('#version')) lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return { vocab, merges: checkMerges(lines, vocab, mergesPath) };
}

function checkVocab(value: unknown, path: string): Readonly<Record<string, number>> {
  if (!isJsonObject(value)) throw malformed(path, 'vocabulary', quote(value), 'an object of tokens and ids');
  const entries = Object.entries(value);
  const taken = new Set<unknown>();
  for (const [token, id] of entries) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= 2 ** 31) {
      throw malformed(path, `token ${quote(token)}`, quote(id), 'a whole number from 0 to 2^31 - 1');
    }
    if (taken.has(id)) throw malformed(path, `token ${quote(token)}`, `id ${id} again`, 'one token per id');
    taken.add(id);
  }
  if (entries.length === 0) throw malformed(path, 'vocabulary', 'no tokens', 'at least one');
  return value as Record<string, number>;
}

/** @param value an array of 'first second' lines or of pairs */
function checkMerges(
  value: unknown,
  vocab: Readonly<Record<string, number>>,
  path: string,
): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) throw malformed(path, 'merges', quote(value), 'a list of pairs');
  return value.map((merge: unknown, i): readonly [string, string] => {
    const parts: unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    const [first, second] = parts;
    if (parts.length !== 2 || typeof first !== 'string' || typeof second !== 'string' || !first || !second) {
      throw malformed(path, `merge ${i + 1}`, quote(merge), 'two tokens with a space between');
    }
    for (const token of [first, second, first + second]) {
      if (!Object.hasOwn(vocab, token)) {
        throw malformed(
          path,
          `merge ${i + 1}`,
          `${quote(token)}, not in the vocabulary`,
          'tokens of the vocabulary',
        );
      }
    }
    return [first, second];
  });
}

/** A special token's text from the first source that names it: a string, or an object with `content`. */
function specialToken(sources: readonly NamedDocument[], field: string): string | undefined {
  for (const { path, document } of sources) {
    const value = document[field];
    if (value === undefined || value === null) continue;
    const content = isJsonObject(value) ? value.content : value;
    if (typeof content === 'string' && content !== '') return content;
    throw invalid(`${path}: ${field}`, quote(value), 'a token, or an object with its "content"');
  }
  return undefined;
}

function windowLength(config: NamedDocument | undefined): number {
  const value = config?.document.model_max_length ?? clipWindowLength;
  if (typeof value === 'number' && value > longestWindow) return clipWindowLength;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 3) return value;
  throw invalid(`${config?.path}: model_max_length`, quote(value), 'a whole number of at least 3');
}

async function readOptional(files: ModelFiles, path: string): Promise<NamedDocument | undefined> {
  if (!(await files.has(path))) return undefined;
  return { path, document: parseJsonObject(await readWhole(files, path), path) };
}

async function readWhole(files: ModelFiles, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const sizeBytes = await files.size(path);
  if (sizeBytes > largestFileBytes) {
    throw malformed(path, 'size', `${sizeBytes} bytes`, `at most ${largestFileBytes} bytes`);
  }
  return files.read(path, 0, sizeBytes);
}

function malformed(path: string, part: string, found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `${path}: ${part} is ${found}, not ${wanted}.`, {
    subject: path,
    found,
    wanted,
    remedy: 'Download the tokenizer files again.',
  });
}

function invalid(subject: string, found: string, wanted: string): EngineError {
  return new EngineError('config-invalid', `${subject} is ${found}, not ${wanted}.`, {
    subject,
    found,
    wanted,
  });
}
