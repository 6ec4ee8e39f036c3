/** The polite live region. */
import type { ReactNode } from 'react';
import { announcement } from '../../words/announcement.ts';
import { useStudio } from '../studio-context.tsx';

export function Announcer(): ReactNode {
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {useStudio(announcement)}
    </div>
  );
}
