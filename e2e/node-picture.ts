/** The command line's picture of a request, for comparison with the page's. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { ModelDescriptor } from '../src/engine/pipeline/model.ts';
import type { Pixels } from './studio-page.ts';

export interface NodeRequest {
  readonly prompt: string;
  readonly seed: number;
  readonly steps: number;
}

/** The embedded pair: the model that takes one step, and the one that takes many. */
export function embeddedModels(): { readonly one: ModelDescriptor; readonly many: ModelDescriptor } {
  const text = readFileSync(join(root, 'models/catalog.json'), 'utf8');
  const { models } = JSON.parse(text) as { models: ModelDescriptor[] };
  const one = models.find(({ steps }) => steps.maximum === 1)!;
  return { one, many: models.find(({ steps, lineage }) => steps.maximum > 1 && lineage === one.lineage)! };
}

/** What `npm run generate` draws with a model of the catalogue and the guidance that the page begins with. */
export async function drawInNode(
  { id, guidance }: ModelDescriptor,
  { prompt, seed, steps }: NodeRequest,
): Promise<Pixels> {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'));
  try {
    const file = join(folder, 'picture.png');
    const options = { model: id, prompt, seed, steps, guidance: guidance?.initial ?? 1, out: file };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    await promisify(execFile)('npm', ['run', '-s', 'generate', '--', ...flags], { cwd: root });
    const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: [...data] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const root = join(import.meta.dirname, '..');
