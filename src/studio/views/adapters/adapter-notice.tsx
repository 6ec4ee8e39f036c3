/** What came of files that were added. */
import type { ReactNode } from 'react';
import { namesText } from '../../words/adapter-words.ts';
import { errorWords } from '../../words/error-words.ts';
import { NoticeToast } from '../controls/notice-toast.tsx';
import { useAdapterActions, useAdapters } from './adapters-context.tsx';

export function AdapterNotice(): ReactNode {
  const notice = useAdapters((state) => state.notice);
  const present = useAdapters((state) => state.present);
  const { closeNotice } = useAdapterActions();
  if (notice === null) return null;
  const failed = notice.kind === 'failed';
  const words = notice.kind === 'failed' ? errorWords(notice.error) : addedWords(notice.ids);
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
  return <NoticeToast failed={failed} words={words} onClose={closeNotice} />;
}
