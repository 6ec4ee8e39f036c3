/** Digests of something that is in memory as a whole, hexadecimal. */
import { xxhash128 } from 'hash-wasm';

/** By the platform's own code, off this thread. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexadecimal(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Of a stored block: finds what disks do to bytes, not what an attacker would (docs/decisions/2026-11-24-block-digest.md). */
export function blockDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return xxhash128(bytes);
}

/** @param wanted of `blockDigest`, or a SHA-256, which blocks had in older manifests */
export async function hasDigest(bytes: Uint8Array<ArrayBuffer>, wanted: string): Promise<boolean> {
  return (await (wanted.length === 64 ? sha256 : blockDigest)(bytes)) === wanted;
}

/** Git's name of a file's content. */
export async function gitBlobId(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const blob = new Uint8Array(head.length + bytes.length);
  blob.set(head);
  blob.set(bytes, head.length);
  return hexadecimal(new Uint8Array(await crypto.subtle.digest('SHA-1', blob)));
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
