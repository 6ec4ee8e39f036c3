/** A diffusers folder as a web-ready copy: float16, shards that a browser stores piece by piece, hashes. */
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../src/engine/core/errors.ts';
import { type Adapter, openAdapters } from '../src/engine/weights/adapter.ts';
import type { AdaptedPart } from '../src/engine/weights/lora/lora-key.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { hashFile } from './hash-file.ts';
import { jsonBytes, type PackedFile, packWeights, writeWhole } from './pack-weights.ts';

export interface PackOptions {
  readonly adapters: readonly Adapter[];
  /** 256 MiB unless told. */
  readonly shardBytes?: number;
  readonly onFile?: (file: PackedFile) => void;
}

/** Written beside the model: {"files": {path: {"sizeBytes", "sha256"}}}. */
export const hashesPath = 'sha256.json';

const usualShardBytes = 256 * 2 ** 20;

/** Weights and their indexes in any format; they are written anew, or left out. */
const weightFiles =
  /\.(?:safetensors|bin|ckpt|pt|pth|msgpack|h5|onnx|onnx_data|pb)$|\.index(?:\.fp16)?\.json$/;

const stems = ['diffusion_pytorch_model', 'model'];

/**
 * @param out a folder that doesn't exist yet, or is empty
 * @throws EngineError 'argument-invalid' for another `out`; 'file-not-found' where a component has weights, but none
 *   in safetensors; as `packWeights` and `openAdapters`
 */
export async function packFolder(
  input: string,
  out: string,
  { adapters, shardBytes = usualShardBytes, onFile }: PackOptions,
): Promise<PackedFile[]> {
  await assertEmpty(out);
  const source = new DirectoryFiles(input);
  const paths = await filesBelow(input);
  if (!paths.includes('model_index.json')) await source.size('model_index.json');
  const set = await openAdapters(adapters);
  const packed: PackedFile[] = [];
  const keep = (file: PackedFile) => {
    packed.push(file);
    onFile?.(file);
  };
  for (const path of paths) {
    if (weightFiles.test(path) || path === hashesPath) continue;
    await mkdir(dirname(join(out, path)), { recursive: true });
    await copyFile(join(input, path), join(out, path));
    keep({ path, ...(await hashFile(join(out, path))) });
  }
  for (const folder of componentsWithWeights(paths)) {
    const stem = stems.find((name) => paths.some((path) => isWeightOf(path, `${folder}/${name}`)));
    const stemPath = `${folder}/${stem ?? stems[0]}`;
    const stored = await openCheckpoint(source, stemPath);
    const adapted = folder === 'unet' || folder === 'text_encoder';
    const checkpoint = adapted ? set.adapt(folder as AdaptedPart, stored) : stored;
    await mkdir(join(out, folder), { recursive: true });
    for (const file of await packWeights({ checkpoint, out, stemPath, shardBytes })) keep(file);
  }
  const files = Object.fromEntries(packed.map(({ path, ...file }) => [path, file]));
  await writeWhole(out, hashesPath, jsonBytes({ files }));
  return packed;
}

function isWeightOf(path: string, stemPath: string): boolean {
  return path.startsWith(`${stemPath}.`) && path.includes('.safetensors');
}

function componentsWithWeights(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) =>
    weightFiles.test(path) && path.split('/').length === 2 ? [dirname(path)] : [],
  );
  return [...new Set(folders)];
}

async function assertEmpty(out: string): Promise<void> {
  const names = await readdir(out).catch(() => []);
  const file = (await stat(out).catch(() => undefined))?.isFile();
  if (names.length === 0 && !file) return;
  throw new EngineError('argument-invalid', `${out} is not empty.`, {
    subject: out,
    found: file ? 'a file' : `${names.length} entries`,
    wanted: 'a new folder',
    remedy: 'Name a folder that does not exist yet.',
  });
}

/** Links are followed: the Hugging Face cache consists of them. Hidden files are left out. */
async function filesBelow(folder: string, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(join(folder, prefix))).sort()) {
    if (name.startsWith('.')) continue;
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const place = await stat(join(folder, path));
    if (place.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else if (place.isFile()) found.push(path);
  }
  return found;
}
