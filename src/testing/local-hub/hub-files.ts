/** Repositories of the local hub: folders on disk, seen as the hub sees them (git blobs and LFS objects). */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Repository {
  readonly folder: string;
  /** Only these paths, where a folder holds more than a model. */
  readonly only?: ((path: string) => boolean) | undefined;
  /** Published path of each file that lies elsewhere in the folder: {'unet/config.json': 'unet-instaflow/config.json'}. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /** Needs a token, and that its holder was let in. */
  readonly gated?: boolean | undefined;
  readonly licence?: string | undefined;
}

export interface HubFile {
  readonly path: string;
  readonly diskPath: string;
  readonly sizeBytes: number;
  /** Git's name of the blob: of the pointer text for an LFS file. */
  readonly blobId: string;
  /** Present for LFS files, which are served by the second origin. */
  readonly sha256?: string | undefined;
}

const lfsEndings = /\.(safetensors|bin|onnx|onnx_data|pb|ckpt|msgpack|h5)$/u;
const remembered = new Map<string, Promise<HubFile>>();

/** What the hub keeps in git in place of a large file. */
export function pointerText(sha256: string, sizeBytes: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${sizeBytes}\n`;
}

export function pathsOf({ folder, only, aliases = {} }: Repository): string[] {
  const paths = listFiles(folder, '').filter((path) => only?.(path) ?? true);
  return [...new Set([...paths, ...Object.keys(aliases)])].sort();
}

/** undefined when the repository has no such file. Hashes are computed once per file and change. */
export async function hubFile(repository: Repository, path: string): Promise<HubFile | undefined> {
  if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
    return undefined;
  const aliased = repository.aliases?.[path];
  if (aliased === undefined && repository.only && !repository.only(path)) return undefined;
  const diskPath = join(repository.folder, aliased ?? path);
  if (!existsSync(diskPath) || !statSync(diskPath).isFile()) return undefined;
  const { size, mtimeMs } = statSync(diskPath);
  const key = `${diskPath} ${size} ${mtimeMs}`;
  const known = remembered.get(key) ?? hashed(path, diskPath, size);
  remembered.set(key, known);
  return { ...(await known), path };
}

async function hashed(path: string, diskPath: string, sizeBytes: number): Promise<HubFile> {
  if (!lfsEndings.test(path)) {
    return { path, diskPath, sizeBytes, blobId: gitBlobId(readFileSync(diskPath)) };
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(diskPath, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const sha256 = hash.digest('hex');
  return {
    path,
    diskPath,
    sizeBytes,
    sha256,
    blobId: gitBlobId(Buffer.from(pointerText(sha256, sizeBytes))),
  };
}

function gitBlobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Follows links: fixtures share folders by them. */
function listFiles(folder: string, below: string): string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? listFiles(folder, path) : [path];
  });
}
