/** Fetches runtime and models into the cache, as far as they aren't there, and drops those of older builds. */

interface ListedFiles {
  readonly files: Readonly<Record<string, { readonly sizeBytes: number; readonly hash: string }>>;
}

/**
 * @param modelsRoot address of the models' root, with a slash at the end
 * @param folders of the models to keep, relative to it; everything in them is kept
 * @param runtime addresses of the runtime's files
 * @throws TypeError without a network, DOMException 'QuotaExceededError'
 */
export async function keepOffline(
  cacheName: string,
  modelsRoot: string,
  folders: readonly string[],
  runtime: readonly string[],
): Promise<{ readonly files: number; readonly bytes: number }> {
  const cache = await caches.open(cacheName);
  const listingAddress = `${modelsRoot}files.json`;
  await cache.add(new Request(listingAddress, { cache: 'no-cache' }));
  const listing = (await (await cache.match(listingAddress))?.json()) as ListedFiles;
  const addresses = new Map(
    Object.entries(listing.files).map(([path, { hash, sizeBytes }]) => [
      `${modelsRoot}${path.split('/').map(encodeURIComponent).join('/')}?v=${hash}`,
      { path, sizeBytes },
    ]),
  );
  for (const { url } of await cache.keys()) {
    if (url !== listingAddress && !addresses.has(url) && !runtime.includes(url)) await cache.delete(url);
  }
  const isWanted = (path: string): boolean =>
    !path.includes('/') || folders.some((folder) => path.startsWith(`${folder}/`));
  const wanted = [...addresses].filter(([, { path }]) => isWanted(path));
  // One after the other: the page may be drawing.
  for (const address of [...runtime, ...wanted.map(([url]) => url)]) {
    if ((await cache.match(address)) === undefined) await cache.add(address);
  }
  const bytes = wanted.reduce((sum, [, { sizeBytes }]) => sum + sizeBytes, 0);
  return { files: wanted.length + runtime.length, bytes };
}
