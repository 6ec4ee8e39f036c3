/** One entry: its pictures, which open it in the studio, its words, and a box to select it. */
import { Check, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import type { GalleryEntry, KeptPicture } from '../../gallery/entry.ts';
import { pictureText, promptOf } from '../../words/gallery-words.ts';
import { SideBadge } from '../controls/side-badge.tsx';
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

interface GalleryTileProps {
  readonly entry: GalleryEntry;
  readonly selected: boolean;
  readonly onSelect: (selected: boolean) => void;
  readonly onOpen: () => void;
}

export function GalleryTile({ entry, selected, onSelect, onOpen }: GalleryTileProps): ReactNode {
  const prompt = promptOf(entry);
  const pair = entry.pictures.length > 1;
  return (
    <li className="tile" data-pair={pair} data-selected={selected}>
      <Button className="tile-open" aria-label={`Open in the studio: ${prompt}`} onPress={onOpen}>
        {entry.pictures.map((picture) => (
          <TilePicture key={picture.side} picture={picture} badge={pair} />
        ))}
      </Button>
      <Checkbox
        className="tile-check"
        aria-label={`Select ${prompt}`}
        isSelected={selected}
        onChange={onSelect}
      >
        <Check className="glyph small" aria-hidden="true" />
      </Checkbox>
      <p className="truncate">
        {entry.starred && <Star className="glyph small star" role="img" aria-label="Starred" />}
        {prompt}
      </p>
      <p className="tile-facts quiet">
        {entry.pictures.map((picture) => (
          <span key={picture.side}>{pictureText(picture, pair)}</span>
        ))}
      </p>
    </li>
  );
}
