/** Keeps the token count under the prompt in step with it: counted by the worker once typing pauses. */
import { modelOfSide } from '../state/side-models.ts';
import type { StudioStore } from '../state/store.ts';
import type { EngineConnection } from './engine-connection.ts';

const pauseMs = 120;

/** @returns ends the counting */
export function countTokensOfPrompt(store: StudioStore, connection: EngineConnection): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function count(): Promise<void> {
    try {
      const client = await connection.ready();
      const model = modelOfSide(store.getState(), 'a');
      if (model === null) return;
      const { prompt } = store.getState().settings;
      const tokens = await client.countTokens(model.id, prompt);
      if (store.getState().settings.prompt === prompt)
        store.dispatch({ type: 'tokens-counted', prompt, tokens });
    } catch {
      // Without a count the page shows none; what keeps the engine from counting is told by the draw.
    }
  }

  const unsubscribe = store.subscribe((state, before) => {
    const ready = state.engine.status === 'ready' && before.engine.status !== 'ready';
    if (!ready && state.settings.prompt === before.settings.prompt) return;
    clearTimeout(timer);
    timer = setTimeout(() => void count(), ready ? 0 : pauseMs);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
