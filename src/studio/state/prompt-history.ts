/** Prompts that were drawn or replaced, the latest first, and a walk through them from the prompt field. */
import { promptLimit } from './prompt-limit.ts';

const promptsKept = 50;

/** @returns the history with a drawn prompt at its front; each prompt is in it once */
export function rememberPrompt(history: readonly string[], prompt: string): readonly string[] {
  if (prompt.trim() === '') return history;
  if (history[0] === prompt) return history;
  return [prompt, ...history.filter((earlier) => earlier !== prompt)].slice(0, promptsKept);
}

/** What `replacePrompt` looks at. */
interface Prompted {
  readonly prompt: string;
  readonly history: readonly string[];
}

/**
 * A change that comes from elsewhere than the prompt's field: the prompt it replaces may never have been drawn, so it
 * goes to the history's front.
 */
export function replacePrompt<Change extends Partial<Prompted>>(
  { prompt, history }: Prompted,
  change: Change,
): Change & Partial<Prompted> {
  if (change.prompt === undefined || change.prompt === prompt) return change;
  return { ...change, history: rememberPrompt(history, prompt) };
}

/** A walk through the history: where it is, and what was typed before it began. */
export interface HistoryWalk {
  /** -1 = what was typed. */
  readonly at: number;
  readonly typed: string;
}

/**
 * One prompt earlier (or later) than the walk's.
 * @param walk null = none yet: it begins from `prompt`, passing over entries that equal it
 * @returns null when there is nothing further that way. What was typed is in the history from the first step on,
 * wherever the walk ends
 */
export function walkHistory(
  history: readonly string[],
  walk: HistoryWalk | null,
  prompt: string,
  by: 1 | -1,
): (Prompted & { readonly walk: HistoryWalk }) | null {
  const walked = walk === null ? rememberPrompt(history, prompt) : history;
  const { at, typed } = walk ?? { at: -1, typed: prompt };
  let next = at + by;
  while (walk === null && next >= 0 && walked[next] === prompt) next += by;
  if (next < -1 || next >= walked.length) return null;
  return {
    walk: { at: next, typed },
    prompt: next === -1 ? typed : (walked[next] ?? typed),
    history: walked,
  };
}

export function parseHistory(stored: unknown): readonly string[] {
  if (!Array.isArray(stored)) return [];
  const prompts = stored.filter((prompt): prompt is string => typeof prompt === 'string' && prompt !== '');
  return prompts.slice(0, promptsKept).map((prompt) => prompt.slice(0, promptLimit));
}
