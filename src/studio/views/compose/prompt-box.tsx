/** The headline: the prompt without a box, its token count, and the part that the model will not read. */
import { type KeyboardEvent, type ReactNode, type Ref, useId, useRef } from 'react';
import { type HistoryWalk, walkHistory } from '../../state/prompt-history.ts';
import { promptLimit } from '../../state/settings.ts';
import { PromptHistory } from '../lazy-views.tsx';
import { Optional } from '../shell/deferred.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

/** CLIP's window, before the worker has said so. */
const usualLimit = 77;

/** 'a b c' has three; used to say how many words are cut. */
const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

interface PromptBoxProps {
  readonly field: Ref<HTMLTextAreaElement>;
  readonly onDraw: () => void;
  /** Stands under the prompt while nothing of it is cut. */
  readonly children?: ReactNode;
}

export function PromptBox({ field, onDraw, children }: PromptBoxProps): ReactNode {
  const prompt = useStudio((state) => state.settings.prompt);
  const tokens = useStudio((state) => state.tokens);
  const history = useStudio((state) => state.settings.history);
  const { change } = useActions();
  const walk = useRef<HistoryWalk | null>(null);
  const ids = { field: useId(), count: useId(), cut: useId() };
  // While typing runs ahead of counting, the old count stands but marks nothing.
  const truncated = tokens?.prompt === prompt ? tokens.truncated.trim() : '';
  const cutAt = truncated === '' ? -1 : prompt.toLowerCase().lastIndexOf(truncated.toLowerCase());
  const cutWords = countWords(truncated);

  const walkBy = (by: 1 | -1): boolean => {
    const found = walkHistory(history, walk.current, prompt, by);
    if (found === null) return false;
    walk.current = found.walk;
    change({ prompt: found.prompt, history: found.history });
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    // Up goes to earlier prompts from the first character or the last, where the caret has nowhere to go within.
    const atEdge = selectionStart === selectionEnd && (selectionStart === 0 || selectionEnd === value.length);
    if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && atEdge && !event.shiftKey) {
      if (walkBy(event.key === 'ArrowUp' ? 1 : -1)) event.preventDefault();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    walk.current = null;
    onDraw();
  };
  return (
    <div className="prompt-box">
      <label className="visually-hidden" htmlFor={ids.field}>
        Prompt
      </label>
      <div className="prompt-scroll">
        {/* The mirror sizes the field to its text and carries the dots under the part that is cut. */}
        <div className="prompt-mirror" aria-hidden="true">
          {cutAt < 0 ? (
            prompt
          ) : (
            <>
              {prompt.slice(0, cutAt)}
              <mark>{prompt.slice(cutAt)}</mark>
            </>
          )}{' '}
        </div>
        <textarea
          ref={field}
          id={ids.field}
          rows={1}
          value={prompt}
          maxLength={promptLimit}
          placeholder="Describe a picture"
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          enterKeyHint="go"
          aria-describedby={`${ids.count} ${ids.cut}`}
          onChange={(event) => {
            walk.current = null;
            change({ prompt: event.target.value.replace(/\s*\n\s*/g, ' ') });
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <span
        className="token-count"
        id={ids.count}
        data-over={truncated !== ''}
        title="Start and end tokens included"
      >
        {tokens?.tokenCount ?? '–'}
        <span aria-hidden="true">/</span>
        <span className="visually-hidden"> of </span>
        {tokens?.limit ?? usualLimit}
        <span className="visually-hidden"> tokens</span>
      </span>
      <Optional fallback={null}>
        <PromptHistory />
      </Optional>
      <p className="prompt-cut" id={ids.cut}>
        {truncated === '' && children}
        {truncated !== '' && (
          <>
            {cutWords} {cutWords === 1 ? 'word' : 'words'} past the {tokens?.limit ?? usualLimit}th token{' '}
            {cutWords === 1 ? 'is' : 'are'} not read: <q>{truncated}</q>
          </>
        )}
      </p>
    </div>
  );
}
