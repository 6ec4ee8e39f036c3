/** What came of a picture whose settings were wanted. */
import type { ReactNode } from 'react';
import { errorWords } from '../../words/error-words.ts';
import { NoticeToast } from '../controls/notice-toast.tsx';
import { useRestored, useRestoring } from '../keep-context.tsx';

export function RestoredNotice(): ReactNode {
  const outcome = useRestored();
  const { close } = useRestoring();
  if (outcome === null) return null;
  const failed = outcome.kind === 'failed';
  const words =
    outcome.kind === 'failed'
      ? errorWords(outcome.error)
      : {
          title: 'Settings taken over',
          sentences: [`From ${outcome.fileName}.`, ...outcome.missing],
          values: [],
        };
  return <NoticeToast failed={failed} words={words} onClose={close} />;
}
