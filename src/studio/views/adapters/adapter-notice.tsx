/** What came of files that were added. */
import { CircleAlert, Info, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { namesText } from '../../words/adapter-words.ts';
import { errorWords } from '../../words/error-words.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useAdapterActions, useAdapters } from './adapters-context.tsx';

export function AdapterNotice(): ReactNode {
  const notice = useAdapters((state) => state.notice);
  const present = useAdapters((state) => state.present);
  const { closeNotice } = useAdapterActions();
  if (notice === null) return null;
  const failed = notice.kind === 'failed';
  const Glyph = failed ? CircleAlert : Info;
  const { title, sentences, values } = failed ? errorWords(notice.error) : addedWords(notice.ids);
  function addedWords(ids: readonly string[]) {
    const waits = present.some(
      ({ id, summary, original }) => ids.includes(id) && summary.kind === 'unet' && original === null,
    );
    return {
      title: `${namesText(ids)} added`,
      sentences: [
        waits
          ? 'Choose the model it was tuned from, under LoRA in the settings.'
          : 'At full strength on both sides: draw to see it. Strengths are under LoRA in the settings.',
      ],
      values: [],
    };
  }
  return (
    <section className="toast" data-tone={failed ? 'danger' : 'plain'} role={failed ? 'alert' : 'status'}>
      <Glyph className="glyph" aria-hidden="true" />
      <p>
        <b>{title}.</b> {sentences.join(' ')}
        {values.map(({ name, value }) => (
          <span key={name} className="toast-value">
            {name}: {value}
          </span>
        ))}
      </p>
      <IconButton icon={X} label="Close" onPress={closeNotice} />
    </section>
  );
}
