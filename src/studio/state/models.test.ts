import { describe, expect, it } from 'vitest';
import type { DownloadPlan, PublishedModel, StoredModel, WantedModel } from '../../worker/store-protocol.ts';
import { downloadText, presenceText } from '../words/model-words.ts';
import {
  type ModelsAction,
  type ModelsState,
  modelRows,
  noModels,
  reduceModels,
  shownTerms,
} from './models.ts';

const published = [
  {
    id: 'instaflow',
    title: 'InstaFlow',
    summary: 'One step.',
    licence: {
      name: 'CC BY-NC 4.0',
      url: 'https://example.org',
      notes: 'No safety checker runs on the pictures.',
    },
    parts: { unet: { source: 'a/b', folder: 'unet', approximateBytes: 4_000_000_000 } },
  },
  { id: 'taesd', title: 'TAESD', summary: 'Tiny.', licence: { name: 'MIT', url: '' }, parts: {} },
] as unknown as PublishedModel[];
const stored = { request: { id: 'own/model', title: 'own/model' }, complete: true } as StoredModel;
const storage = { usedBytes: 0, freeBytes: 1 };
const wanted: WantedModel = { kind: 'published', id: 'instaflow', storeAs: 'float16' };
const plan = { request: { id: 'instaflow' }, licences: [] } as unknown as DownloadPlan;

const stateAfter = (...actions: ModelsAction[]): ModelsState => actions.reduce(reduceModels, noModels);
const told: ModelsAction = { type: 'told', published, stored: [stored], storage };

describe('modelRows', () => {
  it('puts what is here or under way first', () => {
    const state = stateAfter(told, { type: 'download-started', id: 'taesd', title: 'TAESD' });
    expect(modelRows(state).map(({ id }) => id)).toEqual(['own/model', 'taesd', 'instaflow']);
  });
});

describe('terms', () => {
  it('asks to accept anew for each model, and forgets an answer that comes too late', () => {
    const accepted = stateAfter(
      told,
      { type: 'wanted', wanted },
      { type: 'changed', change: { accepted: true } },
    );
    expect(accepted.accepted).toBe(true);
    const other: WantedModel = { kind: 'typed', text: 'a/b', storeAs: 'original' };
    const next = reduceModels(accepted, { type: 'wanted', wanted: other });
    expect(next.accepted).toBe(false);
    expect(reduceModels(next, { type: 'planned', wanted, plan })).toBe(next);
    expect(reduceModels(next, { type: 'planned', wanted: other, plan }).plan).toBe(plan);
  });

  it('always tell a licence and that nothing checks the pictures', () => {
    expect(shownTerms(stateAfter(told, { type: 'wanted', wanted }))).toMatchObject({
      licence: 'CC BY-NC 4.0',
    });
    const typed = stateAfter({ type: 'wanted', wanted: { kind: 'typed', text: 'a/b', storeAs: 'original' } });
    expect(shownTerms(typed)?.licence).toContain('no licence');
    for (const state of [stateAfter(told, { type: 'wanted', wanted }), typed]) {
      expect(shownTerms(state)?.notes).toContain('No safety checker');
    }
  });

  it('are gone once the dialog was closed', () => {
    expect(stateAfter(told, { type: 'wanted', wanted }, { type: 'closed' })).toMatchObject({
      wanted: null,
      isOpen: false,
    });
  });
});

describe('a folder of this disk', () => {
  const error = { code: 'file-not-found', message: 'no model_index.json' } as const;
  const failed: ModelsAction = { type: 'failed', id: '', error };
  const opened: ModelsAction = { type: 'folder-opened', folder: { id: 'folder-1:tiny', title: 'tiny' } };

  it('takes the place of what was said of the one before', () => {
    expect(stateAfter(failed, { type: 'folder-chosen' }, opened)).toMatchObject({
      openedFolder: { id: 'folder-1:tiny', title: 'tiny' },
      errors: {},
    });
    expect(stateAfter(opened, { type: 'folder-chosen' }, failed)).toMatchObject({
      openedFolder: null,
      errors: { '': error },
    });
  });

  it('is told until the dialog is closed', () => {
    expect(stateAfter(opened, { type: 'closed' }).openedFolder).toBeNull();
  });
});

it('says how a download stands, and why it waits', () => {
  const progress = { receivedBytes: 1.2e9, resumedBytes: 0, totalBytes: 4.27e9 } as const;
  expect(downloadText(null)).toBe('Asking the hub');
  expect(downloadText({ ...progress, phase: 'fetching', bytesPerSecond: 24.3e6, secondsLeft: 126 })).toBe(
    '1.20 GB of 4.27 GB, 24.3 MB/s, 2 min left',
  );
  expect(downloadText({ ...progress, phase: 'waiting', reason: 'status 429', waitMs: 30_000 })).toBe(
    '1.20 GB of 4.27 GB. Waiting: status 429, trying again in 30 s',
  );
  const absent = { stored: null, published: published[0]!, mended: null };
  expect(presenceText(absent)).toBe('About 4.00 GB to fetch');
});

describe('what is here', () => {
  const sizes = { sizeBytes: 4.27e9, receivedBytes: 3.84e9, storedBytes: 1.92e9 };
  const row = (change: Partial<StoredModel>, mended: number | null = null) => ({
    stored: { ...stored, ...sizes, ...change },
    published: null,
    mended,
  });

  it('is told in the bytes that are fetched, also where half of them are kept', () => {
    expect(presenceText(row({ complete: false }))).toBe('Paused, 3.84 GB of 4.27 GB fetched');
    expect(presenceText(row({}))).toBe('Here, 1.92 GB');
  });

  it('was right, or was mended, until the dialog is closed', () => {
    expect(presenceText(row({}, 0))).toBe('Here, 1.92 GB. All files are right');
    expect(presenceText(row({}, 2))).toBe('Here, 1.92 GB. 2 damaged blocks were fetched again');
    const checked: ModelsAction = { type: 'checked', id: 'own/model', mended: 1 };
    expect(modelRows(stateAfter(told, checked))[0]).toMatchObject({ mended: 1 });
    const started: ModelsAction = { type: 'download-started', id: 'own/model', title: '', checks: true };
    for (const next of [{ type: 'closed' } as const, started]) {
      expect(modelRows(stateAfter(told, checked, next))[0]).toMatchObject({ mended: null });
    }
  });
});

describe('a token', () => {
  const typed = (change: Partial<Pick<ModelsState, 'baseUrl' | 'token'>>): ModelsAction => ({
    type: 'changed',
    change,
  });
  const entered = [typed({ baseUrl: 'https://one.example' }), typed({ token: 'hf_secret' })] as const;

  it("isn't kept for another hub than the one it was entered for", () => {
    expect(stateAfter(...entered, typed({ baseUrl: 'https://two.example' }))).toMatchObject({
      token: '',
      forgotToken: true,
    });
    expect(stateAfter(...entered, typed({ baseUrl: '' }))).toMatchObject({ token: '', forgotToken: true });
  });

  it('stays for another path of the same hub, and a new one ends the notice', () => {
    expect(stateAfter(...entered, typed({ baseUrl: 'https://one.example/mirror' }))).toMatchObject({
      token: 'hf_secret',
      forgotToken: false,
    });
    const again = stateAfter(...entered, typed({ baseUrl: 'https://two.example' }), typed({ token: 'x' }));
    expect(again).toMatchObject({ token: 'x', forgotToken: false });
  });
});

describe('what went wrong', () => {
  const error = { code: 'config-unsupported', message: 'other network' } as const;
  const failed = (id: string): ModelsAction => ({ type: 'failed', id, error });
  const started: ModelsAction = { type: 'download-started', id: 'a/b', title: 'The typed one' };

  it('with a model of which nothing is here has a row of its own, until it is dismissed', () => {
    const state = stateAfter(told, started, failed('a/b'), { type: 'download-ended', id: 'a/b' });
    expect(modelRows(state)[0]).toMatchObject({
      id: 'a/b',
      title: 'The typed one',
      stored: null,
      running: null,
      error,
    });
    const closed = reduceModels(state, { type: 'error-closed', id: 'a/b' });
    expect(modelRows(closed).map(({ id }) => id)).not.toContain('a/b');
  });

  it('with one model says nothing of the plan for another', () => {
    const state = stateAfter(told, started, { type: 'wanted', wanted }, failed('a/b'));
    expect(state.isPlanning).toBe(true);
    expect(reduceModels(state, failed('')).isPlanning).toBe(false);
  });

  it('with what was typed is gone once the dialog or its terms are left; with a model it stays', () => {
    for (const type of ['closed', 'not-wanted'] as const) {
      const { errors } = stateAfter(told, failed(''), failed('a/b'), { type });
      expect(Object.keys(errors)).toEqual(['a/b']);
    }
  });
});

describe('what ends while the dialog is closed', () => {
  const started: ModelsAction = { type: 'download-started', id: 'a/b', title: 'A' };
  const arrived: ModelsAction = { type: 'download-arrived', id: 'a/b' };
  const failed: ModelsAction = { type: 'failed', id: 'a/b', error: { code: 'network-failed', message: '' } };
  const open: ModelsAction = { type: 'opened', half: true };

  it('is shown until it is opened', () => {
    expect(stateAfter(started, arrived).unseen).toEqual({ title: 'A', failed: false });
    expect(stateAfter(started, failed).unseen).toEqual({ title: 'A', failed: true });
    expect(stateAfter(started, failed, open).unseen).toBeNull();
  });

  it('is nothing to show while it is open', () => {
    expect(stateAfter(open, started, arrived).unseen).toBeNull();
  });
});
