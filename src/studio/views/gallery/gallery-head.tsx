/** The gallery's head: how much is kept, search, filter. */
import { Search, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Input, Radio, RadioGroup, SearchField } from 'react-aria-components';
import type { GalleryFilter } from '../../gallery/search.ts';
import { amountText } from '../../words/gallery-words.ts';
import { useGallery, useGalleryState } from '../keep-context.tsx';

const filters: readonly (readonly [GalleryFilter, string])[] = [
  ['all', 'All'],
  ['pairs', 'Pairs'],
  ['starred', 'Starred'],
];

export function GalleryHead(): ReactNode {
  const gallery = useGallery();
  const ready = useGalleryState(({ status }) => status === 'ready');
  const entries = useGalleryState((state) => state.entries);
  const storage = useGalleryState((state) => state.storage);
  const filter = useGalleryState((state) => state.filter);
  const query = useGalleryState((state) => state.query);
  return (
    <header className="page-head">
      <h2>Gallery</h2>
      <p className="quiet numbers">{ready && amountText({ entries, storage })}</p>
      <SearchField
        className="search-field"
        aria-label="Search prompts and models"
        value={query}
        onChange={(value) => gallery.dispatch({ type: 'searched', query: value })}
      >
        <Search className="glyph" aria-hidden="true" />
        <Input placeholder="Search prompts and models" />
        {query !== '' && (
          <Button aria-label="Clear search">
            <X className="glyph small" aria-hidden="true" />
          </Button>
        )}
      </SearchField>
      <RadioGroup
        className="segmented"
        orientation="horizontal"
        aria-label="Show"
        value={filter}
        onChange={(value) => gallery.dispatch({ type: 'filtered', filter: value as GalleryFilter })}
      >
        <div className="segments">
          {filters.map(([value, label]) => (
            <Radio key={value} value={value}>
              {label}
            </Radio>
          ))}
        </div>
      </RadioGroup>
    </header>
  );
}
