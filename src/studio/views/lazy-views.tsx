/**
 * Views that the first paint does without: each is a chunk of its own, asked for as soon as the page is there. What
 * is loaded before has to stay under 170 KB (.size-limit.mjs).
 */
import { lazyView } from './lazy-view.ts';

export const Inspector = lazyView(async () => (await import('./shell/inspector.tsx')).Inspector);

export const Trajectory = lazyView(async () => (await import('./trajectory/trajectory.tsx')).Trajectory);

export const KeysSheet = lazyView(async () => (await import('./shell/keys-sheet.tsx')).KeysSheet);

export const EnginePanel = lazyView(async () => (await import('./engine/engine-panel.tsx')).EnginePanel);

export const KeepMenu = lazyView(async () => (await import('./share/keep-menu.tsx')).KeepMenu);

export const ModelChoice = lazyView(async () => (await import('./compare/model-choice.tsx')).ModelChoice);

/** Brings the gestures' library. */
export const ZoomBox = lazyView(async () => (await import('./controls/zoom-box.tsx')).ZoomBox);

export const PromptHistory = lazyView(
  async () => (await import('./compose/prompt-history.tsx')).PromptHistory,
);

/** Fetched with the first look at one picture: the pair needs no slider. */
export const SinglePicture = lazyView(
  async () => (await import('./compare/single-picture.tsx')).SinglePicture,
);
