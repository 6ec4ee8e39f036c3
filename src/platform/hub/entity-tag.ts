/** An entity tag without quotes and weakness: a proxy that compresses may weaken it. */
export function normalEtag(etag: string | null): string | undefined {
  const plain = etag?.trim().replace(/^W\//u, '').replace(/^"|"$/gu, '');
  return plain === '' ? undefined : plain;
}
