/**
 * Views that the first paint does without: each is a chunk of its own, asked for as soon as the page is there. What
 * is loaded before has to stay under 170 KB (.size-limit.mjs).
 */
import { lazy } from 'react';

export const Inspector = lazy(async () => ({ default: (await import('./shell/inspector.tsx')).Inspector }));

export const Trajectory = lazy(async () => ({
  default: (await import('./trajectory/trajectory.tsx')).Trajectory,
}));

export const KeysSheet = lazy(async () => ({ default: (await import('./shell/keys-sheet.tsx')).KeysSheet }));

export const EnginePanel = lazy(async () => ({
  default: (await import('./engine/engine-panel.tsx')).EnginePanel,
}));

export const KeepMenu = lazy(async () => ({ default: (await import('./share/keep-menu.tsx')).KeepMenu }));

export const ModelChoice = lazy(async () => ({
  default: (await import('./compare/model-choice.tsx')).ModelChoice,
}));

/** Brings the gestures' library. */
export const ZoomBox = lazy(async () => ({ default: (await import('./controls/zoom-box.tsx')).ZoomBox }));

export const PromptHistory = lazy(async () => ({
  default: (await import('./compose/prompt-history.tsx')).PromptHistory,
}));
