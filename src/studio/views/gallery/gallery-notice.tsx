/** What the gallery has to say, on whatever page it happens: nothing could be kept, or the oldest made room. */
import type { ReactNode } from 'react';
import { NoticeToast } from '../controls/notice-toast.tsx';
import { useGallery, useGalleryState } from '../keep-context.tsx';

export function GalleryNotice(): ReactNode {
  const gallery = useGallery();
  const notice = useGalleryState((state) => state.notice);
  if (notice === null) return null;
  return (
    <NoticeToast
      failed={notice.failed}
      words={{ ...notice, values: [] }}
      onClose={() => gallery.dispatch({ type: 'noticed', notice: null })}
    />
  );
}
