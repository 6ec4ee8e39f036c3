/** What happened beside the page's own work, in one stack at the foot of every page. */
import type { ReactNode } from 'react';
import { AdapterNotice } from '../adapters/adapter-notice.tsx';
import { GalleryNotice } from '../gallery/gallery-notice.tsx';
import { UndoToast } from '../gallery/undo-toast.tsx';
import { RestoredNotice } from '../share/restored-notice.tsx';

export function Toasts(): ReactNode {
  return (
    <div className="toasts">
      <RestoredNotice />
      <AdapterNotice />
      <GalleryNotice />
      <UndoToast />
    </div>
  );
}
