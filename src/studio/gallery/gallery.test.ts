import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../state/settings.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { galleryEntry } from '../test/sample-entries.ts';
import { backendReport, drawResult, manyStepModel, oneStepModel, request } from '../test/sample-runs.ts';
import type { GalleryDatabase } from './database.ts';
import type { GalleryEntry } from './entry.ts';
import { zipEntries } from './export-zip.ts';
import { createGallery, type GalleryWorld } from './gallery.ts';
import { keepFinishedPairs } from './keep-finished-pairs.ts';

/** IndexedDB's face over a map; the real one is under test in e2e/keep.spec.ts. */
function memoryDatabase(roomBytes = Number.POSITIVE_INFINITY) {
  const records = new Map<string, GalleryEntry>();
  const size = () =>
    [...records.values()].flatMap(({ pictures }) => pictures).reduce((n, { png }) => n + png.size, 0);
  const database: GalleryDatabase = {
    all: async () => [...records.values()],
    async write({ put = [], remove = [] }) {
      const before = new Map(records);
      for (const id of remove) records.delete(id);
      for (const entry of put) records.set(entry.id, entry);
      if (size() <= roomBytes) return;
      records.clear();
      for (const [id, entry] of before) records.set(id, entry);
      throw new DOMException('no room', 'QuotaExceededError');
    },
  };
  return { records, database };
}

const openGallery = async (database: GalleryDatabase, world: Partial<GalleryWorld> = {}) => {
  const gallery = createGallery({
    openDatabase: async () => database,
    estimateStorage: async () => ({ usageBytes: 0, quotaBytes: 1e9 }),
    persist: async () => {},
    ...world,
  });
  await gallery.open();
  return gallery;
};
const prompts = (entries: Iterable<GalleryEntry>) =>
  [...entries].map(({ pictures }) => pictures[0]!.settings.prompt);

describe('the gallery', () => {
  it('keeps entries newest first, in the database too, and finds them again', async () => {
    const { database, records } = memoryDatabase();
    const gallery = await openGallery(database);
    await gallery.keep(galleryEntry({ prompt: 'old', at: 1 }));
    await gallery.keep(galleryEntry({ prompt: 'new', at: 2 }));
    expect(prompts(gallery.getState().entries)).toEqual(['new', 'old']);
    expect(prompts(records.values())).toEqual(['old', 'new']);
    expect((await openGallery(database)).getState().entries).toEqual(gallery.getState().entries);
  });

  it('has one entry for one picture: drawn again it comes to the front and keeps its star', async () => {
    const { database } = memoryDatabase();
    const gallery = await openGallery(database);
    const { id } = galleryEntry({ prompt: 'x' });
    await gallery.keep(galleryEntry({ prompt: 'x', at: 1 }));
    await gallery.star(new Set([id]), true);
    await gallery.keep(galleryEntry({ prompt: 'y', at: 2 }));
    await gallery.keep(galleryEntry({ prompt: 'x', at: 3 }));
    expect(prompts(gallery.getState().entries)).toEqual(['x', 'y']);
    expect(gallery.getState().entries[0]).toMatchObject({ starred: true, keptAtMs: 3 });
  });

  it('deletes and brings back, in the database too', async () => {
    const { database, records } = memoryDatabase();
    const gallery = await openGallery(database);
    for (const [at, prompt] of ['x', 'y', 'z'].entries()) await gallery.keep(galleryEntry({ prompt, at }));
    const ids = new Set(
      gallery
        .getState()
        .entries.slice(0, 2)
        .map(({ id }) => id),
    );
    gallery.dispatch({ type: 'selected', ids });
    // Not awaited: the undo waits for the removal by itself.
    void gallery.remove(ids);
    expect(prompts(gallery.getState().entries)).toEqual(['x']);
    expect(gallery.getState().selected.size).toBe(0);
    await gallery.undo();
    expect(prompts(gallery.getState().entries)).toEqual(['z', 'y', 'x']);
    expect(records.size).toBe(3);
  });

  it('drops the oldest without a star when room is short, and says so', async () => {
    const { database, records } = memoryDatabase();
    const estimateStorage = async () => ({ usageBytes: 0, quotaBytes: 4 * 250 });
    const gallery = await openGallery(database, { estimateStorage });
    await gallery.keep(galleryEntry({ prompt: 'starred', at: 1, starred: true, sizeBytes: 100 }));
    await gallery.keep(galleryEntry({ prompt: 'plain', at: 2, sizeBytes: 100 }));
    expect(gallery.getState().notice).toBeNull();
    await gallery.keep(galleryEntry({ prompt: 'new', at: 3, sizeBytes: 100 }));
    expect(prompts(gallery.getState().entries)).toEqual(['new', 'starred']);
    expect(records.size).toBe(2);
    expect(gallery.getState().notice).toMatchObject({
      failed: false,
      title: expect.stringMatching(/oldest 1 entry/),
    });
    // Once a visit is enough.
    gallery.dispatch({ type: 'noticed', notice: null });
    await gallery.keep(galleryEntry({ prompt: 'newer', at: 4, sizeBytes: 100 }));
    expect(gallery.getState().notice).toBeNull();
  });

  it('makes room when the browser has less than it said, and says when there is none', async () => {
    const { database, records } = memoryDatabase(250);
    const gallery = await openGallery(database);
    await gallery.keep(galleryEntry({ prompt: 'x', at: 1, sizeBytes: 100 }));
    await gallery.keep(galleryEntry({ prompt: 'y', at: 2, sizeBytes: 100 }));
    expect(await gallery.keep(galleryEntry({ prompt: 'z', at: 3, sizeBytes: 100 }))).toBe('kept');
    expect(prompts(gallery.getState().entries)).toContain('z');
    const before = prompts(gallery.getState().entries);
    expect(await gallery.keep(galleryEntry({ prompt: 'huge', at: 4, sizeBytes: 1000 }))).toBe('failed');
    expect(gallery.getState().notice).toMatchObject({
      failed: true,
      sentences: [expect.stringMatching(/no room/)],
    });
    // Nothing was kept, so nothing made room: what is listed is there after a reload.
    expect(prompts(gallery.getState().entries)).toEqual(before);
    expect(prompts(records.values()).sort()).toEqual([...before].sort());
  });

  it('is unavailable where the browser keeps nothing, and keeping is quiet then', async () => {
    const refused = () => Promise.reject(new DOMException('no', 'SecurityError'));
    const gallery = await openGallery(memoryDatabase().database, { openDatabase: refused });
    expect(await gallery.keep(galleryEntry())).toBe('unavailable');
    expect(gallery.getState()).toMatchObject({ status: 'unavailable', entries: [] });
  });
});

describe('finished pairs', () => {
  it('are kept when both sides are done, and only then', async () => {
    const { database } = memoryDatabase();
    const gallery = await openGallery(database);
    const studio = createStudioStore(initialStudio(defaultSettings, 'auto'));
    studio.dispatch({ type: 'engine-ready', report: backendReport(), models: [oneStepModel, manyStepModel] });
    keepFinishedPairs(
      studio,
      gallery,
      async () => new Blob(['png']),
      () => 5,
    );
    const finish = (run: number, sides: readonly ('a' | 'b')[]) => {
      studio.dispatch({ type: 'draw-queued', run, sides });
      for (const side of sides) {
        studio.dispatch({
          type: 'side-queued',
          run,
          side,
          request: request({ model: side === 'a' ? 'one' : 'many' }),
        });
        studio.dispatch({ type: 'side-finished', run, side, result: drawResult() });
      }
      studio.dispatch({ type: 'draw-ended', run });
    };
    finish(1, ['a']);
    await new Promise((resolve) => setTimeout(resolve));
    expect(gallery.getState().entries).toEqual([]);
    finish(2, ['b']);
    await expect.poll(() => gallery.getState().entries.length).toBe(1);
    const [entry] = gallery.getState().entries;
    expect(entry?.keptAtMs).toBe(5);
    expect(
      entry?.pictures.map(({ side, modelTitle, settings }) => [side, modelTitle, settings.model]),
    ).toEqual([
      ['a', 'one', 'one'],
      ['b', 'many', 'many'],
    ]);
  });
});

describe('a zip of entries', () => {
  it('holds every picture under a name of its own', async () => {
    const zip = await zipEntries([
      galleryEntry({ sizeBytes: 8 }),
      galleryEntry({ pictures: 1, sizeBytes: 8 }),
    ]);
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    expect(Object.keys(files)).toEqual([
      'a-red-apple_one_4-steps_seed-7.png',
      'a-red-apple_many_4-steps_seed-7.png',
      'a-red-apple_one_4-steps_seed-7 (2).png',
    ]);
    expect(Object.values(files).map((bytes) => [...bytes])).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });
});
