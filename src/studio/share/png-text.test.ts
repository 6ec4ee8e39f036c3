import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import { pngChunk, withChunks } from '../test/png-chunks.ts';
import { insertPngText, readPngText, textLimit } from './png-text.ts';

const raw = { width: 4, height: 3, channels: 4 } as const;
const pixels = Uint8Array.from({ length: 48 }, (_, i) => (i % 4 === 3 ? 255 : 5 * i));
const png = Uint8Array.from(await sharp(pixels, { raw }).png().toBuffer());
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('text in a PNG', () => {
  it('comes back as it was, whatever it says, and the pixels stay', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const told = insertPngText(png, 'parameters', text);
        expect(readPngText(told, 'parameters')).toBe(text.replaceAll('\0', ' '));
      }),
      { numRuns: 200 },
    );
    const decoded = await sharp(insertPngText(png, 'parameters', 'ein Fuchs, 狐'))
      .raw()
      .toBuffer();
    expect([...decoded]).toEqual([...pixels]);
  });

  it('is tEXt for Latin-1 and iTXt beyond, before the pixels', () => {
    const typeOf = (text: string) =>
      new TextDecoder('latin1').decode(insertPngText(png, 'parameters', text).subarray(37, 41));
    expect(typeOf('café')).toBe('tEXt');
    expect(typeOf('狐')).toBe('iTXt');
  });

  it('is found among other texts, by its whole keyword', () => {
    const two = insertPngText(insertPngText(png, 'parameters', 'this'), 'parameters2', 'that');
    expect(readPngText(two, 'parameters')).toBe('this');
    expect(readPngText(png, 'parameters')).toBeNull();
  });

  it('is read compressed too', () => {
    const packed = deflateSync(bytesOf('a fox\nSteps: 1'));
    const zTXt = withChunks(png, pngChunk('zTXt', bytesOf('parameters\0\0'), packed));
    const iTXt = withChunks(png, pngChunk('iTXt', bytesOf('parameters\0\x01\0\0\0'), packed));
    expect(readPngText(zTXt, 'parameters')).toBe('a fox\nSteps: 1');
    expect(readPngText(iTXt, 'parameters')).toBe('a fox\nSteps: 1');
  });
});

describe('files that lie', () => {
  const told = insertPngText(png, 'parameters', 'a fox');
  const malformed = { code: 'file-malformed', subject: 'PNG' };

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['no PNG', bytesOf('GIF89a and something more than thirty-three bytes'), /begin/],
    ['nothing', new Uint8Array(0), /begin/],
    ['a file cut off', png.slice(0, png.length - 5), /left/],
    ['a file without an end', png.slice(0, png.length - 12), /ends before/],
    ['a text damaged on the way', told.map((byte, i) => (i === 54 ? byte ^ 1 : byte)), /checksum/],
    ['a length beyond the file', told.map((byte, i) => (i === 33 ? 0xff : byte)), /left/],
    [
      'a text beyond the limit',
      withChunks(png, pngChunk('tEXt', bytesOf('parameters\0'), new Uint8Array(textLimit))),
      /text of/,
    ],
  ])('%s: is named', (_, bytes, found) => {
    expect(() => readPngText(bytes, 'parameters')).toThrow(EngineError);
    expect(() => readPngText(bytes, 'parameters')).toThrow(
      expect.objectContaining({ ...malformed, found: expect.stringMatching(found) }),
    );
  });

  it('a file cut off after its text still tells it', () => {
    expect(readPngText(told.slice(0, told.length - 5), 'parameters')).toBe('a fox');
  });

  it('never inflates a small chunk into a large one', () => {
    const bomb = deflateSync(new Uint8Array(200 * textLimit));
    expect(bomb.length).toBeLessThan(textLimit);
    const bytes = withChunks(png, pngChunk('zTXt', bytesOf('parameters\0\0'), bomb));
    expect(readPngText(bytes, 'parameters')).toBeNull();
  });

  it('whatever is changed, cut or added: an answer or a typed error, nothing else', () => {
    const packed = withChunks(told, pngChunk('zTXt', bytesOf('other\0\0'), deflateSync(bytesOf('text'))));
    const change = fc.record({ at: fc.nat(packed.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 6 }),
        fc.nat(packed.length),
        fc.uint8Array({ maxLength: 40 }),
        fc.boolean(),
        (changes, end, tail, cut) => {
          const bytes = Uint8Array.from([...(cut ? packed.subarray(0, end) : packed), ...tail]);
          for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
          for (const keyword of ['parameters', 'other']) {
            try {
              const text = readPngText(bytes, keyword);
              expect(text === null || text.length <= textLimit).toBe(true);
            } catch (error) {
              refused++;
              expect(error).toMatchObject(malformed);
            }
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
