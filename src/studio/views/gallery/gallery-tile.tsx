/** One entry: its pictures, which open it in the studio, its words, and a box to select it. */
import { Check, Star } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import type { GalleryEntry, KeptPicture } from '../../gallery/entry.ts';
import { pictureFacts, promptOf } from '../../words/gallery-words.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { useGallery, useGalleryState, useRestoring } from '../keep-context.tsx';
import { useObjectUrl } from './object-url.ts';

function TilePicture({ picture, badge }: { picture: KeptPicture; badge: boolean }): ReactNode {
  const address = useObjectUrl(picture.png);
  const { width, height } = picture.settings;
  return (
    <span className="tile-picture">
      {address !== '' && <img src={address} alt="" width={width} height={height} />}
      {badge && <SideBadge side={picture.side} />}
    </span>
  );
}

/** Drawn again with its own entry and selection alone, not with every letter of a search. */
export const GalleryTile = memo(function GalleryTile({ entry }: { entry: GalleryEntry }): ReactNode {
  const gallery = useGallery();
  const restoring = useRestoring();
  const selected = useGalleryState((state) => state.selected.has(entry.id));
  const select = (on: boolean): void => {
    const ids = new Set(gallery.getState().selected);
    if (on) ids.add(entry.id);
    else ids.delete(entry.id);
    gallery.dispatch({ type: 'selected', ids });
  };
  const prompt = promptOf(entry);
  const pair = entry.pictures.length > 1;
  return (
    <li className="tile" data-pair={pair} data-selected={selected}>
      <Button
        className="tile-open"
        aria-label={`Open in the studio: ${prompt}`}
        onPress={() => void restoring.draw(entry)}
      >
        {entry.pictures.map((picture) => (
          <TilePicture key={picture.side} picture={picture} badge={pair} />
        ))}
      </Button>
      <Checkbox
        className="tile-check"
        aria-label={`Select ${prompt}`}
        isSelected={selected}
        onChange={select}
      >
        <Check className="glyph small" aria-hidden="true" />
      </Checkbox>
      <p className="truncate">
        {entry.starred && <Star className="glyph small star" role="img" aria-label="Starred" />}
        {prompt}
      </p>
      <p className="tile-facts quiet">
        {entry.pictures.map((picture) => (
          <span key={picture.side}>
            <span className="truncate" title={picture.modelTitle}>
              {picture.modelTitle}
            </span>
            {pictureFacts(picture, pair)}
          </span>
        ))}
      </p>
    </li>
  );
});
