/**
 * After a deletion: what went, and the way back. The button that deleted is gone, so the way back takes the focus; the
 * toast waits while the pointer or the focus is on it.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { countText } from '../../words/gallery-words.ts';
import { useGallery, useGalleryState } from '../keep-context.tsx';

const staysMs = 8000;

export function UndoToast(): ReactNode {
  const gallery = useGallery();
  const removed = useGalleryState((state) => state.removed);
  const undo = useRef<HTMLButtonElement>(null);
  const [focused, setFocused] = useState(false);
  const [hovered, setHovered] = useState(false);
  const held = focused || hovered;
  useEffect(() => {
    if (removed.length > 0) undo.current?.focus();
  }, [removed]);
  useEffect(() => {
    if (removed.length === 0 || held) return;
    const timer = setTimeout(() => gallery.dispatch({ type: 'removal-settled' }), staysMs);
    return () => clearTimeout(timer);
  }, [gallery, removed, held]);
  if (removed.length === 0) return null;
  return (
    <section
      className="toast undo"
      role="status"
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <p>
        <b>{countText(removed.length)} deleted.</b>
      </p>
      <Button
        ref={undo}
        className="button line"
        onPress={() => {
          setHovered(false);
          // Moves the focus off this button before it goes.
          document.querySelector('main')?.focus();
          void gallery.undo();
        }}
      >
        Undo
      </Button>
    </section>
  );
}
