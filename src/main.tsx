/** The app's entry: store, actions, and the page that the address asks for. */
import { type ReactNode, StrictMode, Suspense, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import './studio/styles/index.css';
import { lazyPages } from './pages.tsx';
import { type Route, useRoute } from './route.ts';
import { browserStorage, keepSettings, loadSettings } from './studio/actions/settings-storage.ts';
import { createStudioActions } from './studio/actions/studio-actions.ts';
import { App } from './studio/app.tsx';
import { createStudioStore } from './studio/state/store.ts';
import { initialStudio } from './studio/state/studio.ts';
import { prefersStillness } from './studio/views/shell/media-query.ts';
import { applyTheme } from './studio/views/shell/theme.ts';
import { StudioProvider, useStudio } from './studio/views/studio-context.tsx';
import { createEngineClient } from './worker/client.ts';
import type { BackendChoice } from './worker/protocol.ts';

/** `?backend=wasm|webgpu` forces a backend; anything else leaves the choice to the self-test. */
function backendFromAddress(address: string): BackendChoice {
  const wanted = new URL(address).searchParams.get('backend');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'auto';
}

const pageTitles: Readonly<Record<Route, string>> = {
  studio: 'InstaFlow Studio',
  lab: 'Lab · InstaFlow Studio',
  how: 'How it works · InstaFlow Studio',
};

const storage = browserStorage();
const store = createStudioStore(initialStudio(loadSettings(storage), backendFromAddress(location.href)));
applyTheme(store.getState().settings.theme);
keepSettings(store, storage);
const actions = createStudioActions(store, {
  createClient: createEngineClient,
  stillMotion: prefersStillness,
  random: Math.random,
});

let engineOpened = false;

function Studio(): ReactNode {
  useEffect(() => {
    if (engineOpened) return;
    engineOpened = true;
    // After the first paint: the engine is big, the page is not. Other pages do without it.
    requestAnimationFrame(() => setTimeout(() => void actions.open()));
  }, []);
  return <App />;
}

function CurrentPage(): ReactNode {
  const route = useRoute();
  const theme = useStudio((state) => state.settings.theme);
  useEffect(() => applyTheme(theme), [theme]);
  useEffect(() => {
    document.title = pageTitles[route];
    window.scrollTo(0, 0);
  }, [route]);
  const Page = route === 'studio' ? Studio : (lazyPages[route] ?? Studio);
  return (
    <Suspense fallback={null}>
      <Page />
    </Suspense>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root".');
createRoot(root).render(
  <StrictMode>
    <StudioProvider studio={{ store, actions }}>
      <CurrentPage />
    </StudioProvider>
  </StrictMode>,
);
