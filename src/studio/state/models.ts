/** The models dialog: what can be had, what is here, what is under way. Pure. */

import type { SerializedEngineError } from '../../worker/protocol.ts';
import type {
  DownloadPlan,
  DownloadProgress,
  ListedModel,
  PublishedModel,
  StorageEstimate,
  WantedModel,
} from '../../worker/store-protocol.ts';

/** A download, or a check of what is here. */
export interface RunningDownload {
  readonly title: string;
  readonly checks: boolean;
  readonly progress: DownloadProgress | null;
}

export interface ModelsState {
  readonly isOpen: boolean;
  /** Whether the store answered at least once. */
  readonly known: boolean;
  readonly published: readonly PublishedModel[];
  readonly stored: readonly ListedModel[];
  readonly storage: StorageEstimate | null;
  /** The model whose terms are shown before it is fetched. */
  readonly wanted: WantedModel | null;
  readonly plan: DownloadPlan | null;
  readonly isPlanning: boolean;
  readonly accepted: boolean;
  /** Whether float32 weights are kept as float16. */
  readonly half: boolean;
  /** The hub's address as typed; empty is the hub's own. */
  readonly baseUrl: string;
  /** Kept while the page is open, and nowhere else; for the hub at `baseUrl` only. */
  readonly token: string;
  /** Whether a token was forgotten because the hub is another one now. */
  readonly forgotToken: boolean;
  /** By model id. */
  readonly downloads: Readonly<Record<string, RunningDownload>>;
  /** Damaged blocks that a check fetched again, by model id, until the dialog is closed. */
  readonly mended: Readonly<Record<string, number>>;
  /** The folder of this disk that was opened last, until the dialog is closed. */
  readonly openedFolder: OpenedFolder | null;
  /** What went wrong last, by model id; '' for what concerns none. */
  readonly errors: Readonly<Record<string, SerializedEngineError>>;
  /** Of models of which nothing is here but their error, by id. */
  readonly failedTitles: Readonly<Record<string, string>>;
  /** What ended last while the dialog was closed, until it is opened. */
  readonly unseen: UnseenEnd | null;
}

/** A model of the engine, and its title. */
export interface OpenedFolder {
  readonly id: string;
  readonly title: string;
}

export interface UnseenEnd {
  readonly title: string;
  readonly failed: boolean;
}

export const noModels: ModelsState = {
  isOpen: false,
  known: false,
  published: [],
  stored: [],
  storage: null,
  wanted: null,
  plan: null,
  isPlanning: false,
  accepted: false,
  half: true,
  baseUrl: '',
  token: '',
  forgotToken: false,
  downloads: {},
  mended: {},
  openedFolder: null,
  errors: {},
  failedTitles: {},
  unseen: null,
};

export type ModelsAction =
  | { readonly type: 'opened'; readonly half: boolean }
  | { readonly type: 'closed' }
  | {
      readonly type: 'told';
      readonly published?: readonly PublishedModel[];
      readonly stored: readonly ListedModel[];
      readonly storage: StorageEstimate;
    }
  | { readonly type: 'wanted'; readonly wanted: WantedModel }
  | { readonly type: 'planned'; readonly wanted: WantedModel; readonly plan: DownloadPlan }
  | { readonly type: 'not-wanted' }
  | {
      readonly type: 'changed';
      readonly change: Partial<Pick<ModelsState, 'accepted' | 'half' | 'baseUrl' | 'token'>>;
    }
  | {
      readonly type: 'download-started';
      readonly id: string;
      readonly title: string;
      readonly checks?: boolean;
    }
  | { readonly type: 'checked'; readonly id: string; readonly mended: number }
  | { readonly type: 'download-told'; readonly id: string; readonly progress: DownloadProgress }
  | { readonly type: 'download-ended'; readonly id: string }
  /** All of it is here. */
  | { readonly type: 'download-arrived'; readonly id: string }
  | { readonly type: 'folder-chosen' }
  | { readonly type: 'folder-opened'; readonly folder: OpenedFolder }
  /** The reader has read what went wrong with a model. */
  | { readonly type: 'error-closed'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly error: SerializedEngineError };

export function reduceModels(state: ModelsState, action: ModelsAction): ModelsState {
  switch (action.type) {
    case 'opened':
      return { ...state, isOpen: true, half: state.isOpen ? state.half : action.half, unseen: null };
    case 'closed':
      return {
        ...state,
        isOpen: false,
        wanted: null,
        plan: null,
        isPlanning: false,
        accepted: false,
        mended: {},
        openedFolder: null,
        errors: without(state.errors, ''),
      };
    case 'told': {
      const { published = state.published, stored, storage } = action;
      return { ...state, known: true, published, stored, storage };
    }
    case 'wanted':
      return {
        ...state,
        wanted: action.wanted,
        plan: null,
        isPlanning: true,
        accepted: false,
        errors: without(state.errors, ''),
      };
    case 'planned':
      // Another one may have been chosen while the hub was asked.
      if (state.wanted !== action.wanted) return state;
      return { ...state, plan: action.plan, isPlanning: false };
    case 'not-wanted':
      return {
        ...state,
        wanted: null,
        plan: null,
        isPlanning: false,
        accepted: false,
        errors: without(state.errors, ''),
      };
    case 'changed':
      return changed(state, action.change);
    case 'download-started': {
      const { id, title, checks = false } = action;
      const errors = without(state.errors, id);
      const mended = without(state.mended, id);
      const downloads = { ...state.downloads, [id]: { title, checks, progress: null } };
      return { ...state, errors, mended, downloads };
    }
    case 'checked':
      return { ...state, mended: { ...state.mended, [action.id]: action.mended } };
    case 'download-told': {
      const running = state.downloads[action.id];
      if (!running) return state;
      const told = { ...running, progress: action.progress };
      return { ...state, downloads: { ...state.downloads, [action.id]: told } };
    }
    case 'download-arrived':
      return { ...state, unseen: unseenEnd(state, action.id, false) };
    case 'download-ended':
      return { ...state, downloads: without(state.downloads, action.id) };
    case 'folder-chosen':
      return { ...state, openedFolder: null, errors: without(state.errors, '') };
    case 'folder-opened':
      return { ...state, openedFolder: action.folder };
    case 'error-closed':
      return { ...state, errors: without(state.errors, action.id) };
    case 'failed': {
      const { id, error } = action;
      const errors = { ...state.errors, [id]: error };
      // What concerns none is a plan or a folder.
      if (id === '') return { ...state, isPlanning: false, errors };
      const title = state.downloads[id]?.title ?? state.failedTitles[id] ?? id;
      const failedTitles = { ...state.failedTitles, [id]: title };
      return { ...state, errors, failedTitles, unseen: unseenEnd(state, id, true) };
    }
  }
}

function unseenEnd(
  { isOpen, downloads, unseen }: ModelsState,
  id: string,
  failed: boolean,
): UnseenEnd | null {
  const running = downloads[id];
  return isOpen || !running ? unseen : { title: running.title, failed };
}

/** A token was entered for one hub: it isn't sent to another that is typed later. */
function changed(state: ModelsState, change: Partial<ModelsState>): ModelsState {
  const next = { ...state, ...change };
  if (change.token !== undefined) return { ...next, forgotToken: false };
  const sameHub = originOf(next.baseUrl) === originOf(state.baseUrl);
  return sameHub || state.token === '' ? next : { ...next, token: '', forgotToken: true };
}

function originOf(address: string): string {
  const text = address.trim();
  return URL.canParse(text) ? new URL(text).origin : text;
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  id: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== id));
}

/** A row of the dialog: a model of the catalogue, or one that someone typed before. */
export interface ModelRow {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly published: PublishedModel | null;
  readonly stored: ListedModel | null;
  readonly running: RunningDownload | null;
  /** Blocks that a check fetched again; null where none was made. */
  readonly mended: number | null;
  readonly error: SerializedEngineError | null;
}

/** What is here, under way, or went wrong comes first. */
export function modelRows(
  state: Pick<ModelsState, 'published' | 'stored' | 'downloads' | 'mended' | 'errors' | 'failedTitles'>,
): readonly ModelRow[] {
  const row = (id: string, title: string, summary: string, published: PublishedModel | null): ModelRow => ({
    id,
    title,
    summary,
    published,
    stored: state.stored.find(({ request }) => request.id === id) ?? null,
    running: state.downloads[id] ?? null,
    mended: state.mended[id] ?? null,
    error: state.errors[id] ?? state.stored.find(({ request }) => request.id === id)?.problem ?? null,
  });
  const listed = state.published.map((model) => row(model.id, model.title, model.summary, model));
  const ids = new Set(listed.map(({ id }) => id));
  const others = new Map<string, string>();
  for (const id of Object.keys(state.errors)) if (id !== '') others.set(id, state.failedTitles[id] ?? id);
  for (const { request } of state.stored) others.set(request.id, request.title);
  for (const [id, { title }] of Object.entries(state.downloads)) others.set(id, title);
  const typed = [...others].filter(([id]) => !ids.has(id)).map(([id, title]) => row(id, title, '', null));
  const isHere = ({ stored, running, error }: ModelRow) =>
    stored !== null || running !== null || error !== null;
  const all = [...typed, ...listed];
  return [...all.filter(isHere), ...all.filter((candidate) => !isHere(candidate))];
}

/** What the reader has to accept before the first byte. */
export interface ShownTerms {
  readonly title: string;
  readonly licence: string;
  readonly url: string | null;
  readonly notes: string;
}

const noChecker = 'No safety checker runs on the pictures.';

export function shownTerms({ wanted, plan, published }: ModelsState): ShownTerms | null {
  if (wanted === null) return null;
  const id = wanted.kind === 'published' ? wanted.id : wanted.kind === 'known' ? wanted.request.id : null;
  const model = published.find((candidate) => candidate.id === id);
  if (model) {
    const { licence, title } = model;
    return { title, licence: licence.name, url: licence.url, notes: licence.notes ?? noChecker };
  }
  const title =
    wanted.kind === 'typed' ? wanted.text : wanted.kind === 'known' ? wanted.request.title : wanted.id;
  const named = plan?.licences.join(', ') ?? '';
  const licence = named === '' ? 'The hub names no licence: see the model page' : named;
  return { title, licence, url: null, notes: `Read the terms on the model page. ${noChecker}` };
}
