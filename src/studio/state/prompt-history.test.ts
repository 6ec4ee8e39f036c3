import { describe, expect, it } from 'vitest';
import { parseHistory, rememberPrompt, replacePrompt, walkHistory } from './prompt-history.ts';

describe('the history of prompts', () => {
  it('has each drawn prompt once, the latest first, blank ones not at all', () => {
    const history = ['a fox', 'an owl', 'a fox', '  ', 'a cat'].reduce(
      rememberPrompt,
      [] as readonly string[],
    );
    expect(history).toEqual(['a cat', 'a fox', 'an owl']);
    expect(rememberPrompt(history, 'a cat')).toBe(history);
  });

  it('gets the prompt that something else takes the place of', () => {
    const settings = { prompt: 'half a sent', history: ['a fox'] };
    expect(replacePrompt(settings, { prompt: 'a cat', seed: 7 })).toEqual({
      prompt: 'a cat',
      seed: 7,
      history: ['half a sent', 'a fox'],
    });
    expect(replacePrompt(settings, { prompt: 'half a sent' })).toEqual({ prompt: 'half a sent' });
    expect(replacePrompt(settings, {})).toEqual({});
  });

  it('is bounded', () => {
    const many = Array.from({ length: 80 }, (_, i) => `${i}`).reduce(rememberPrompt, [] as readonly string[]);
    expect([many.length, many[0]]).toEqual([50, '79']);
  });

  it('is walked backwards and back to what was typed', () => {
    const history = ['a cat', 'a fox'];
    const first = walkHistory(history, null, 'half a sent', 1);
    // What was typed is kept, even where the walk's end is drawn.
    const walked = ['half a sent', 'a cat', 'a fox'];
    expect(first).toEqual({ walk: { at: 1, typed: 'half a sent' }, prompt: 'a cat', history: walked });
    const second = walkHistory(walked, first!.walk, 'a cat', 1);
    expect(second?.prompt).toBe('a fox');
    expect(walkHistory(walked, second!.walk, 'a fox', 1)).toBeNull();
    expect(walkHistory(walked, first!.walk, 'a cat', -1)?.prompt).toBe('half a sent');
    expect(walkHistory(history, null, '', 1)).toMatchObject({ walk: { at: 0 }, history });
    expect(walkHistory(history, null, 'half a sent', -1)).toBeNull();
  });

  it('begins with the prompt before the one that stands in the field', () => {
    expect(walkHistory(['a cat', 'a fox'], null, 'a cat', 1)?.prompt).toBe('a fox');
  });

  it('comes back from storage as prompts, whatever was stored', () => {
    expect(parseHistory(['a', 4, '', null, 'b'])).toEqual(['a', 'b']);
    expect(parseHistory({})).toEqual([]);
  });
});
