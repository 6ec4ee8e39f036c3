/**
 * The app's service worker. On hosts that can't set headers it brings the isolation that WASM threads need; on all
 * it keeps the app for use without a network: the page and its scripts when it is installed, runtime and models once
 * the page asks for them. Pages come from the network first, so a new version is seen at once.
 */
import {
  addPlugins,
  cleanupOutdatedCaches,
  matchPrecache,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst, NetworkOnly } from 'workbox-strategies';
import { isolatedResponse } from './isolated-response.ts';
import { keepOffline } from './keep-offline.ts';
import type { KeepOfflineAnswer, KeepOfflineRequest } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written in by vite-service-worker.ts: the page and its scripts, with revisions where names tell none. */
declare const precachedFiles: readonly PrecacheEntry[];
/** Likewise: the runtime, too large to wait for. Names tell their content. */
declare const runtimeFiles: readonly string[];

/** Runtime and models: entries never change, their addresses tell their content. */
const largeFiles = 'instaflow-studio.large-files';
const pageTimeoutMs = 4000;

const scope = new URL(self.registration.scope);
const modelsRoot = new URL('models/', scope).href;
const isolating = {
  handlerWillRespond: async ({ response }: { response: Response }) => isolatedResponse(response),
};
/** A host may vary its answers by the origin that asks; all that asks here is this one. */
const matchOptions = { ignoreVary: true };
const isolatedOnly = new NetworkOnly({ plugins: [isolating] });

// Nothing waits for the first version; later ones wait until no page of the old one is open.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The app's page, from the network while there is one. */
registerRoute(
  ({ request, url }) =>
    request.mode === 'navigate' && [scope.pathname, `${scope.pathname}index.html`].includes(url.pathname),
  async ({ request }) => {
    try {
      const response = await fetch(request, { signal: AbortSignal.timeout(pageTimeoutMs) });
      if (response.ok || response.type === 'opaqueredirect') return isolatedResponse(response);
    } catch {
      // No network, or none worth waiting for: the kept page.
    }
    const kept = await matchPrecache('index.html');
    return kept === undefined ? Response.error() : isolatedResponse(kept);
  },
);

/** Which model files there are changes with the build; each file's address tells its content. */
registerRoute(
  ({ url }) => url.href === `${modelsRoot}files.json`,
  new NetworkFirst({ cacheName: largeFiles, plugins: [isolating], matchOptions }),
);
registerRoute(
  ({ url, request }) =>
    url.href.startsWith(modelsRoot) && url.searchParams.has('v') && !request.headers.has('range'),
  new CacheFirst({ cacheName: largeFiles, plugins: [isolating], matchOptions }),
);
registerRoute(
  ({ url }) => runtimeFiles.some((file) => new URL(file, scope).href === url.href),
  new CacheFirst({ cacheName: largeFiles, plugins: [isolating], matchOptions }),
);

addPlugins([isolating]);
precacheAndRoute([...precachedFiles]);
cleanupOutdatedCaches();

// Whatever else is this origin's, a worker's script or a page beside the app: isolated too.
registerRoute(({ sameOrigin }) => sameOrigin, isolatedOnly);

/** Of the runtime's two builds the one that this browser takes: src/platform/ort/ort-assets.ts. */
const isUsedHere = (file: string): boolean => file.includes('.jspi') === 'Suspending' in WebAssembly;

self.addEventListener('message', (event) => {
  const { kind, folders } = event.data as KeepOfflineRequest;
  const [port] = event.ports;
  if (kind !== 'keep-offline' || port === undefined) return;
  const answer = (value: KeepOfflineAnswer): void => port.postMessage(value);
  const runtime = runtimeFiles.filter(isUsedHere).map((file) => new URL(file, scope).href);
  event.waitUntil(
    keepOffline(largeFiles, modelsRoot, folders, runtime).then(
      (kept) => answer({ ok: true, ...kept }),
      (thrown: unknown) =>
        answer({ ok: false, reason: thrown instanceof Error ? thrown.message : String(thrown) }),
    ),
  );
});
