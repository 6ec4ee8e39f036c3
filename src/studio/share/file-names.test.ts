import { describe, expect, it } from 'vitest';
import { request } from '../test/sample-runs.ts';
import { distinctNames, pictureFileName } from './file-names.ts';
import { settingsOf } from './picture-settings.ts';

const nameOf = (prompt: string, model = '2-rf-nano') =>
  pictureFileName({ ...settingsOf(request()), prompt, model });

describe('names of saved files', () => {
  it('say prompt, model, steps and seed', () => {
    expect(nameOf('A red apple, flat style')).toBe('a-red-apple-flat-style_2-rf-nano_4-steps_seed-7');
    expect(nameOf('un café à 北京')).toBe('un-café-à-北京_2-rf-nano_4-steps_seed-7');
  });

  it('hold nothing that a file system refuses, and end', () => {
    expect(nameOf('../../etc/passwd\0', 'someone/model:v2')).toBe(
      'etc-passwd_someone-model-v2_4-steps_seed-7',
    );
    expect(nameOf('!?')).toBe('picture_2-rf-nano_4-steps_seed-7');
    expect(nameOf('wort '.repeat(200)).length).toBeLessThan(110);
  });

  it('are told apart where they are equal', () => {
    expect(distinctNames(['a', 'b', 'a', 'a'])).toEqual(['a', 'b', 'a (2)', 'a (3)']);
  });
});
