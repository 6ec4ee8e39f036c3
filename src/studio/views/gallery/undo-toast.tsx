/** After a deletion: what went, and the way back. It waits while the pointer or the focus is on it. */
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { countText } from '../../words/gallery-words.ts';
import { useGallery, useGalleryState } from '../keep-context.tsx';

const staysMs = 8000;

export function UndoToast(): ReactNode {
  const gallery = useGallery();
  const removed = useGalleryState((state) => state.removed);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (removed.length === 0 || held) return;
    const timer = setTimeout(() => gallery.dispatch({ type: 'removal-settled' }), staysMs);
    return () => clearTimeout(timer);
  }, [gallery, removed, held]);
  if (removed.length === 0) return null;
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <section
      className="toast undo"
      role="status"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <p>
        <b>{countText(removed.length)} deleted.</b>
      </p>
      <Button
        className="button line"
        onPress={() => {
          release();
          void gallery.undo();
        }}
      >
        Undo
      </Button>
    </section>
  );
}
