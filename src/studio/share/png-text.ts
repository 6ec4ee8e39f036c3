/**
 * Text in PNG files (PNG specification, 11.3.3): tEXt where Latin-1 says it, iTXt where not, which is what Python's
 * imaging library writes and so what AUTOMATIC1111-style tools read. A dropped file is nobody's: every length is
 * held against the file before it is believed. Pixels are not decoded here.
 */
import CRC32 from 'crc-32';
import { EngineError } from '../../engine/core/errors.ts';
import { inflateWithin } from './inflate-within.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, then IHDR: length, type, 13 bytes, checksum. */
const headerEnd = 33;
/** Length, type and checksum around a chunk's data. */
const chunkOverhead = 12;
/** Largest text read, in bytes as stored and once inflated: fifty times the longest prompt. */
export const textLimit = 1024 * 1024;
const mostKeywordLength = 79;

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');

interface Chunk {
  readonly type: string;
  /** Offset of the chunk's length field. */
  readonly begin: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

function malformed(found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `This PNG can't be read: ${found}.`, {
    subject: 'PNG',
    found,
    wanted,
    remedy: 'Choose another file, or save the picture again.',
  });
}

/** Chunks up to IEND. @throws EngineError 'file-malformed' where a length leads outside the file */
function* chunksOf(bytes: Uint8Array<ArrayBuffer>): Generator<Chunk> {
  if (bytes.length < headerEnd || signature.some((byte, i) => bytes[i] !== byte)) {
    throw malformed('it does not begin as a PNG does', 'a PNG file');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let begin = signature.length;
  while (begin < bytes.length) {
    const left = bytes.length - begin - chunkOverhead;
    const length = left < 0 ? 0 : view.getUint32(begin);
    if (length > left)
      throw malformed(`a chunk of ${length} bytes where ${Math.max(left, 0)} are left`, 'a whole file');
    const dataBegin = begin + 8;
    const type = latin1.decode(bytes.subarray(begin + 4, dataBegin));
    if (begin === signature.length && type !== 'IHDR') throw malformed('its first chunk is not IHDR', 'IHDR');
    yield { type, begin, data: bytes.subarray(dataBegin, dataBegin + length) };
    if (type === 'IEND') return;
    begin = dataBegin + length + 4;
  }
  throw malformed('it ends before its end chunk', 'IEND');
}

/** @throws EngineError 'file-malformed' for a text that was damaged on the way */
function assertChecksum(bytes: Uint8Array<ArrayBuffer>, { begin, data, type }: Chunk): void {
  const end = begin + 8 + data.length;
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end);
  const computed = CRC32.buf(bytes.subarray(begin + 4, end)) >>> 0;
  if (stored === computed) return;
  throw malformed(`checksum ${stored.toString(16)} of a ${type} chunk`, computed.toString(16));
}

/** The bytes up to the next zero, and what follows it; null when there is none. */
function splitAtZero(
  data: Uint8Array<ArrayBuffer>,
): readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] | null {
  const zero = data.indexOf(0);
  return zero < 0 ? null : [data.subarray(0, zero), data.subarray(zero + 1)];
}

/** @returns null when the chunk breaks its own layout: other programs skip such a chunk too */
function textOf(type: string, body: Uint8Array<ArrayBuffer>): string | null {
  if (type === 'tEXt') return latin1.decode(body);
  if (type === 'zTXt') {
    const inflated = body[0] === 0 ? inflateWithin(body.subarray(1), textLimit) : null;
    return inflated === null ? null : latin1.decode(inflated);
  }
  const [compressed, method] = body;
  const language = splitAtZero(body.subarray(2));
  const translated = language === null ? null : splitAtZero(language[1]);
  if (translated === null) return null;
  if (compressed !== 1) return utf8.decode(translated[1]);
  const inflated = method === 0 ? inflateWithin(translated[1], textLimit) : null;
  return inflated === null ? null : utf8.decode(inflated);
}

/**
 * The text under `keyword`; null when the file has none.
 * @throws EngineError 'file-malformed' for a file that is no whole PNG, or whose text is damaged or beyond 1 MiB
 */
export function readPngText(bytes: Uint8Array<ArrayBuffer>, keyword: string): string | null {
  for (const chunk of chunksOf(bytes)) {
    if (chunk.type !== 'tEXt' && chunk.type !== 'iTXt' && chunk.type !== 'zTXt') continue;
    const parts = splitAtZero(chunk.data);
    if (parts === null || parts[0].length > mostKeywordLength || latin1.decode(parts[0]) !== keyword)
      continue;
    if (chunk.data.length > textLimit)
      throw malformed(`a text of ${chunk.data.length} bytes`, '1 MiB at most');
    assertChecksum(bytes, chunk);
    const text = textOf(chunk.type, parts[1]);
    if (text !== null) return text;
  }
  return null;
}

const isLatin1 = (text: string): boolean => [...text].every((character) => character.codePointAt(0)! <= 0xff);

/** Keyword, then what the chunk's type puts before its text. */
function textChunk(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const plain = isLatin1(text);
  const type = plain ? 'tEXt' : 'iTXt';
  const body = plain
    ? Uint8Array.from(text, (character) => character.charCodeAt(0))
    : new TextEncoder().encode(text);
  // tEXt: a zero ends the keyword. iTXt: then not compressed, method 0, no language, no translated keyword.
  const head = new TextEncoder().encode(`${type}${keyword}\0${plain ? '' : '\0\0\0\0'}`);
  const chunk = new Uint8Array(4 + head.length + body.length + 4);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, chunk.length - chunkOverhead);
  chunk.set(head, 4);
  chunk.set(body, 4 + head.length);
  view.setInt32(chunk.length - 4, CRC32.buf(chunk.subarray(4, chunk.length - 4)));
  return chunk;
}

/**
 * A copy of the PNG with the text right after its header: some readers stop at the pixels.
 * @param keyword 1 to 79 characters of ASCII
 * @param text without zero characters
 * @throws EngineError 'file-malformed' for what isn't a whole PNG
 */
export function insertPngText(
  png: Uint8Array<ArrayBuffer>,
  keyword: string,
  text: string,
): Uint8Array<ArrayBuffer> {
  // Runs over the chunks for its errors alone.
  for (const _ of chunksOf(png));
  const chunk = textChunk(keyword, text.replaceAll('\0', ' '));
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, headerEnd));
  out.set(chunk, headerEnd);
  out.set(png.subarray(headerEnd), headerEnd + chunk.length);
  return out;
}
