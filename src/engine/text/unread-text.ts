/**
 * Which end of a prompt its kept tokens don't cover. Byte-pair tokens carry no offsets, but each stands for a
 * known number of UTF-8 bytes of the normalised prompt without its white space, so counting finds the place.
 */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const encoder = new TextEncoder();

/** A prompt as CLIP's tokenizers split it: NFC, lower case letter by letter, white space left out later. */
export function normalisePrompt(text: string): string {
  // Lower case of a whole string turns a sigma at a word's end into ς; the reference goes letter by letter.
  return text.normalize('NFC').replaceAll('Σ', 'σ').toLowerCase();
}

/**
 * @param readBytes UTF-8 bytes of the normalised prompt, white space not counted, that were read
 * @returns the rest of the prompt as it was typed, from the first grapheme not wholly read; '' for none
 */
export function unreadText(prompt: string, readBytes: number): string {
  let bytes = 0;
  for (const { segment, index } of graphemes.segment(prompt)) {
    bytes += encoder.encode(normalisePrompt(segment).replace(/\s+/gu, '')).length;
    if (bytes > readBytes) return prompt.slice(index).trim();
  }
  return '';
}
