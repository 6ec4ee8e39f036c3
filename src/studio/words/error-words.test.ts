import { describe, expect, it } from 'vitest';
import { errorText, errorWords, keptText } from './error-words.ts';

describe('errors in words', () => {
  it('say what happened, what to do, and the values found and wanted', () => {
    const words = errorWords({
      code: 'tensor-mismatch',
      message: 'A tensor has another shape than the config implies.',
      subject: 'conv_in.weight',
      found: '[64, 8, 3, 3]',
      wanted: '[64, 16, 3, 3]',
      remedy: 'Fetch the file again',
    });
    expect(words.title).toBe('The weights do not fit the network');
    expect(words.sentences).toEqual([
      'A tensor has another shape than the config implies.',
      'Fetch the file again.',
    ]);
    expect(words.values.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'Concerns conv_in.weight',
      'Found [64, 8, 3, 3]',
      'Wanted [64, 16, 3, 3]',
    ]);
  });

  it('put a plain title over a technical message', () => {
    const words = errorWords({ code: 'backend-failed', message: 'MatMul failed' });
    expect(words).toEqual({
      title: 'The engine could not run this',
      sentences: ['MatMul failed.'],
      values: [],
    });
  });

  it('copy as lines without the empty ones', () => {
    expect(errorText({ code: 'internal', message: 'Oops', found: 'x' })).toBe(
      'code: internal\nmessage: Oops\nfound: x',
    );
  });

  it('say which pictures outlive the engine', () => {
    expect(keptText([])).toBe('Your prompt and seed are kept.');
    expect(keptText(['b'])).toBe('Your prompt, seed and the picture on side B are kept.');
    expect(keptText(['a', 'b'])).toBe('Your prompt, seed and both pictures are kept.');
  });
});
