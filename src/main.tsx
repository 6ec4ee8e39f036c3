/** The page's entry: store, actions, first draw, React. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './studio/styles/index.css';
import { browserStorage, keepSettings, loadSettings } from './studio/actions/settings-storage.ts';
import { createStudioActions } from './studio/actions/studio-actions.ts';
import { App } from './studio/app.tsx';
import { createStudioStore } from './studio/state/store.ts';
import { initialStudio } from './studio/state/studio.ts';
import { prefersStillness } from './studio/views/shell/media-query.ts';
import { applyTheme } from './studio/views/shell/theme.ts';
import { StudioProvider } from './studio/views/studio-context.tsx';
import { createEngineClient } from './worker/client.ts';
import type { BackendChoice } from './worker/protocol.ts';

/** `?backend=wasm|webgpu` forces a backend; anything else leaves the choice to the self-test. */
function backendFromAddress(address: string): BackendChoice {
  const wanted = new URL(address).searchParams.get('backend');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'auto';
}

const storage = browserStorage();
const store = createStudioStore(initialStudio(loadSettings(storage), backendFromAddress(location.href)));
applyTheme(store.getState().settings.theme);
keepSettings(store, storage);
const actions = createStudioActions(store, {
  createClient: createEngineClient,
  stillMotion: prefersStillness,
  random: Math.random,
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root".');
createRoot(root).render(
  <StrictMode>
    <StudioProvider studio={{ store, actions }}>
      <App />
    </StudioProvider>
  </StrictMode>,
);
// After the first paint: the engine is big, the page is not.
requestAnimationFrame(() => setTimeout(() => void actions.open()));
