/** The app's entry: store, actions, and the page that the address asks for. */
import { type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import './studio/styles/index.css';
import './studio/styles/page.css';
import { whenIsolated } from './offline/isolation.ts';
import { keepForOffline } from './offline/keep-for-offline.ts';
import { lazyPages } from './pages.tsx';
import { hrefOf, parsePlace, type Route, useRoute } from './route.ts';
import { createAdapters } from './studio/actions/adapter-actions.ts';
import { createBenchmark } from './studio/actions/benchmark.ts';
import { createBrowserModels } from './studio/actions/browser-models.ts';
import { followLoadedParts } from './studio/actions/loaded-parts.ts';
import { createLocalFiles } from './studio/actions/local-files.ts';
import { pageVisibility } from './studio/actions/page-visibility.ts';
import { browserStorage, keepSettings, loadSettings } from './studio/actions/settings-storage.ts';
import { createStudioActions } from './studio/actions/studio-actions.ts';
import { App } from './studio/app.tsx';
import { createBrowserGallery } from './studio/gallery/browser-gallery.ts';
import { keepFinishedPairs } from './studio/gallery/keep-finished-pairs.ts';
import { createRestoring } from './studio/share/restoring.ts';
import { followShareLinks, forgetSharedHash, sharedSettings } from './studio/share/shared-settings.ts';
import { replacePrompt } from './studio/state/prompt-history.ts';
import type { Settings } from './studio/state/settings.ts';
import { createStudioStore } from './studio/state/store.ts';
import { initialStudio } from './studio/state/studio.ts';
import { AdaptersProvider } from './studio/views/adapters/adapters-context.tsx';
import { MeasuringProvider } from './studio/views/engine-context.tsx';
import { KeepProvider } from './studio/views/keep-context.tsx';
import { ModelsProvider } from './studio/views/models/models-context.tsx';
import { DropTarget } from './studio/views/share/drop-target.tsx';
import { Deferred } from './studio/views/shell/deferred.tsx';
import { prefersStillness } from './studio/views/shell/media-query.ts';
import { Rail } from './studio/views/shell/rail.tsx';
import { applyTheme } from './studio/views/shell/theme.ts';
import { Toasts } from './studio/views/shell/toasts.tsx';
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
  sweep: 'Step sweep · InstaFlow Studio',
  gallery: 'Gallery · InstaFlow Studio',
  lab: 'Lab · InstaFlow Studio',
  engine: 'Engine · InstaFlow Studio',
  how: 'How it works · InstaFlow Studio',
};

const storage = browserStorage();
const shared = sharedSettings(location.hash);
const stored = loadSettings(storage);
const settings = { ...stored, ...(shared && replacePrompt(stored, shared)) };
if (shared !== null) forgetSharedHash();
const store = createStudioStore(initialStudio(settings, backendFromAddress(location.href)));
applyTheme(store.getState().settings.theme);
keepSettings(store, storage);
const local = createLocalFiles();
const visibility = pageVisibility(document);
const actions = createStudioActions(store, {
  createClient: () => local.join(createEngineClient()),
  stillMotion: prefersStillness,
  visibility,
  random: Math.random,
});

const models = createBrowserModels(store, local, storage, actions.wake);
const adapters = createAdapters(store, local, actions.wake);

function drawWith(change: Partial<Settings>): void {
  if (parsePlace(location.hash).route !== 'studio') location.hash = hrefOf('studio');
  actions.takeOver(change);
  actions.draw();
}
followShareLinks(drawWith);
const gallery = createBrowserGallery();
keepFinishedPairs(store, gallery, async (...picture) =>
  (await import('./studio/share/encode-png.ts')).encodePng(...picture),
);
const keep = {
  gallery,
  restoring: createRestoring(store, drawWith, () => adapters.store.getState().present),
};

keepForOffline(store);
const loadedParts = followLoadedParts(store);
const measuring = {
  benchmark: createBenchmark(store, actions, {
    browser: navigator.userAgent,
    visibility,
    onDrawn: loadedParts.told,
  }),
  loadedParts,
};

let engineOpened = false;

function Studio(): ReactNode {
  useEffect(() => {
    if (engineOpened) return;
    engineOpened = true;
    // After the first paint: the engine is big, the page is not. Other pages do without it.
    requestAnimationFrame(() => setTimeout(() => void whenIsolated().then(actions.open)));
  }, []);
  return <App />;
}

function CurrentPage(): ReactNode {
  const route = useRoute();
  const theme = useStudio((state) => state.settings.theme);
  useEffect(() => applyTheme(theme), [theme]);
  useEffect(() => {
    document.title = pageTitles[route];
    // The sweep draws, but no pair of its own.
    if (route === 'sweep') void whenIsolated().then(actions.wake);
    window.scrollTo(0, 0);
  }, [route]);
  const Page = route === 'studio' ? Studio : (lazyPages[route] ?? Studio);
  return (
    <div className={route === 'lab' ? 'app lab' : 'app'}>
      <Rail />
      <Deferred
        key={route}
        name="This page"
        fallback={<main className="page" aria-busy="true" />}
        frame={(failure) => <main className="page">{failure}</main>}
      >
        <Page />
      </Deferred>
    </div>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root".');
createRoot(root).render(
  <StrictMode>
    <StudioProvider studio={{ store, actions }}>
      <ModelsProvider models={models}>
        <AdaptersProvider adapters={adapters}>
          <KeepProvider keep={keep}>
            <MeasuringProvider measuring={measuring}>
              <CurrentPage />
            </MeasuringProvider>
            <DropTarget />
            <Toasts />
          </KeepProvider>
        </AdaptersProvider>
      </ModelsProvider>
    </StudioProvider>
  </StrictMode>,
);
