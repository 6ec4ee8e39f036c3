import { expect, it } from 'vitest';
import { studioByHand } from '../test/studio-by-hand.ts';

it('keeps the way back to a prompt that was typed and not drawn, whatever takes its place', () => {
  const { actions, store } = studioByHand();
  const history = () => store.getState().settings.history;
  actions.change({ prompt: 'half a sentence' });
  actions.drawPrompt('an owl');
  expect(history()).toContain('half a sentence');
  actions.change({ prompt: 'half another' });
  actions.takeOver({ prompt: 'a fox', seed: 3 });
  expect(history()[0]).toBe('half another');
  expect(store.getState().settings).toMatchObject({ prompt: 'a fox', seed: 3 });
});
