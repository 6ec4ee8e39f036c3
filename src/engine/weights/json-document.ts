/** Bytes to a JSON object that can be trusted to be one: UTF-8, valid, an object, no key given twice. */
import { EngineError } from '../core/errors.ts';
import { findRepeatedKey } from './repeated-keys.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * @param subject the file, and the part of it that the bytes are, for messages
 * @throws EngineError 'file-malformed'
 */
export function parseJsonObject(bytes: Uint8Array, subject: string): JsonObject {
  const refuse = (message: string, found: string, cause?: unknown) =>
    new EngineError('file-malformed', `${subject}: ${message}`, {
      subject,
      found,
      wanted: 'a UTF-8 JSON object without repeated keys',
      remedy: 'Download the file again, or write it again with a current safetensors library.',
      cause,
    });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse('not UTF-8.', 'bytes that are no UTF-8', cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse('not valid JSON.', quote(text), cause);
  }
  if (!isJsonObject(value)) throw refuse('not a JSON object.', quote(text));
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) throw refuse(`the key ${quote(repeated)} occurs twice.`, quote(repeated));
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as JSON for a message, cut: a damaged header can be megabytes of noise. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
