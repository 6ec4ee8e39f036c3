/** What came of something that was dropped or chosen: a toast that stays until it is closed. */
import { CircleAlert, Info, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorWords } from '../../words/error-words.ts';
import { IconButton } from './icon-button.tsx';

interface NoticeToastProps {
  readonly failed: boolean;
  readonly words: Pick<ErrorWords, 'title' | 'sentences' | 'values'>;
  readonly onClose: () => void;
}

export function NoticeToast({
  failed,
  words: { title, sentences, values },
  onClose,
}: NoticeToastProps): ReactNode {
  const Glyph = failed ? CircleAlert : Info;
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
      <IconButton icon={X} label="Close" onPress={onClose} />
    </section>
  );
}
