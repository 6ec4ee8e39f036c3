/** Everything that was drawn and kept in this browser. */
import { type ReactNode, useDeferredValue, useEffect } from 'react';
import { Button } from 'react-aria-components';
import '../../styles/gallery.css';
import { hrefOf } from '../../../route.ts';
import type { GalleryState } from '../../gallery/gallery-state.ts';
import { entriesByDay, listedEntries } from '../../gallery/search.ts';
import { dayText } from '../../words/gallery-words.ts';
import { useGallery, useGalleryState } from '../keep-context.tsx';
import { GalleryHead } from './gallery-head.tsx';
import { GalleryTile } from './gallery-tile.tsx';
import { SelectionBar } from './selection-bar.tsx';

type Listing = Pick<GalleryState, 'status' | 'entries' | 'query' | 'filter'>;

function Nothing({ status, entries, query, filter }: Listing): ReactNode {
  const gallery = useGallery();
  if (status === 'opening') return null;
  if (status === 'unavailable') {
    return (
      <div className="nothing">
        <p>
          This browser keeps nothing for this page: a private window, or storage that is turned off. Save
          pictures as PNG instead; their settings travel in the file.
        </p>
      </div>
    );
  }
  if (entries.length === 0) {
    return (
      <div className="nothing">
        <p>Pictures you draw are kept here, in this browser.</p>
        <a className="button fill" href={hrefOf('studio')}>
          Draw one
        </a>
      </div>
    );
  }
  const showAll = (): void => {
    gallery.dispatch({ type: 'searched', query: '' });
    gallery.dispatch({ type: 'filtered', filter: 'all' });
  };
  return (
    <div className="nothing">
      <p>
        {query.trim() === ''
          ? `Nothing kept is ${filter === 'pairs' ? 'a pair' : 'starred'}.`
          : `Nothing kept matches “${query.trim()}”.`}
      </p>
      <Button className="button line" onPress={showAll}>
        Show everything
      </Button>
    </div>
  );
}

function Days(): ReactNode {
  const status = useGalleryState((state) => state.status);
  const entries = useGalleryState((state) => state.entries);
  const filter = useGalleryState((state) => state.filter);
  // The field shows each letter at once; a thousand tiles may follow a moment later.
  const query = useDeferredValue(useGalleryState((state) => state.query));
  const listed = listedEntries(entries, filter, query);
  if (listed.length === 0) {
    return <Nothing status={status} entries={entries} filter={filter} query={query} />;
  }
  return entriesByDay(listed).map(({ dayMs, entries: ofDay }) => (
    <section key={dayMs} className="day" aria-label={dayText(dayMs, Date.now())}>
      <h3>
        {dayText(dayMs, Date.now())} <span className="quiet numbers">{ofDay.length}</span>
      </h3>
      <ul className="tiles">
        {ofDay.map((entry) => (
          <GalleryTile key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

export function GalleryPage(): ReactNode {
  const gallery = useGallery();
  useEffect(() => void gallery.open(), [gallery]);
  // The page takes the focus when what held it is gone.
  return (
    <main className="page" tabIndex={-1}>
      <GalleryHead />
      <Days />
      <SelectionBar />
    </main>
  );
}
