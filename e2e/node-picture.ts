/** The command line's picture of a request, for comparison with the page's. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Pixels } from './studio-page.ts';

export interface NodeRequest {
  readonly prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
}

/** The flow model's picture by `npm run generate`, from the files that the page is served. */
export async function drawInNode({ prompt, seed, steps, guidance }: NodeRequest): Promise<Pixels> {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'));
  try {
    const file = join(folder, 'picture.png');
    const options = { prompt, seed, steps, guidance, model: 'dist/models/nano', out: file };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    await promisify(execFile)('npm', ['run', '-s', 'generate', '--', ...flags], {
      cwd: join(import.meta.dirname, '..'),
    });
    const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: [...data] };
  } finally {
    await rm(folder, { recursive: true });
  }
}
