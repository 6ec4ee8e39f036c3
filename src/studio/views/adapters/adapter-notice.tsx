/** What came of files that were added. */
import type { ReactNode } from 'react';
import { addedSentences, namesText } from '../../words/adapter-words.ts';
import { errorWords } from '../../words/error-words.ts';
import { NoticeToast } from '../controls/notice-toast.tsx';
import { useAdapterActions, useAdapters } from './adapters-context.tsx';

export function AdapterNotice(): ReactNode {
  const notice = useAdapters((state) => state.notice);
  const present = useAdapters((state) => state.present);
  const { closeNotice } = useAdapterActions();
  if (notice === null) return null;
  const failed = notice.kind === 'failed';
  const words =
    notice.kind === 'failed'
      ? errorWords(notice.error)
      : {
          title: `${namesText(notice.ids)} added`,
          sentences: addedSentences(notice.ids, present),
          values: [],
        };
  return <NoticeToast failed={failed} words={words} onClose={closeNotice} />;
}
