/** Registers the service worker, and waits for the isolation that it brings where the host sets no headers. */

/** In sessionStorage: the page was loaded again for its isolation. Once is enough: what it didn't bring then, won't. */
const reloadedKey = 'instaflow-studio.reloaded-for-isolation';
const registrationTimeoutMs = 8000;

const available = (): boolean =>
  !import.meta.env.DEV && window.isSecureContext && 'serviceWorker' in navigator;

/** @returns null where the browser allows none: a private window, a page that blocks it */
async function register(): Promise<ServiceWorkerRegistration | null> {
  try {
    return (await navigator.serviceWorker.register(new URL('sw.js', document.baseURI))) ?? null;
  } catch {
    return null;
  }
}

function remembered(change?: 'set' | 'forget'): boolean {
  try {
    if (change === 'set') sessionStorage.setItem(reloadedKey, 'yes');
    if (change === 'forget') sessionStorage.removeItem(reloadedKey);
    return sessionStorage.getItem(reloadedKey) !== null;
  } catch {
    // Without a memory the page would load again and again.
    return true;
  }
}

/**
 * Resolves when the page is as isolated as it will get. Where that takes a reload it reloads, and never resolves:
 * nothing should start that is thrown away at once.
 */
export async function whenIsolated(): Promise<void> {
  if (window.crossOriginIsolated) return void remembered('forget');
  if (!available() || remembered()) return;
  const registered = await register();
  if (registered === null) return;
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), registrationTimeoutMs));
  if ((await Promise.race([navigator.serviceWorker.ready, late])) === 'late') return;
  remembered('set');
  if (!remembered()) return;
  location.reload();
  await new Promise(() => {});
}

/** The active service worker, registered now if it wasn't; null where there is none to be had. */
export async function activeServiceWorker(): Promise<ServiceWorker | null> {
  if (!available() || (await register()) === null) return null;
  return (await navigator.serviceWorker.ready).active;
}
