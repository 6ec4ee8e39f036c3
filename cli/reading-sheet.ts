/**
 * Draws a numbered sheet of shuffled one-step pictures for somebody who hasn't seen the prompts to name, from the
 * labels of DIR/labels.json, and scores the answers: `... --draw DIR`, then write DIR/<model>.answers.json
 * (["banana", ...]), then `... --score DIR`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { gaussianNoise } from '../src/engine/core/noise.ts';
import { ModelHost } from '../src/engine/pipeline/model-host.ts';
import type { Picture } from '../src/engine/pipeline/picture.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { type CommandResult, runCommand, UsageError } from './run-command.ts';

const usage = 'npm run -s reading-sheet -- --draw DIR | --score DIR';

const models = fileURLToPath(new URL('../models', import.meta.url));
const pictureCount = 40;
/** The reader chooses from so many labels. */
const offeredLabels = 100;
const columns = 8;
/** Pixels of a picture on the sheet, and of the strip with its number. */
const side = 128;
const strip = 22;

/** How a label is asked for: half plainly, half with a background or a style. */
const tails = [
  '',
  '',
  ' on a blue background',
  ', flat style',
  '',
  ' on a yellow background',
  '',
  ', shaded style',
];

interface SheetKey {
  readonly model: string;
  readonly steps: number;
  readonly seed: number;
  /** In the sheet's order. */
  readonly pictures: readonly { readonly prompt: string; readonly label: string }[];
}

/** Indices 0 to count - 1 in an order that the seed alone decides. */
function shuffled(count: number, seed: number): number[] {
  const keys = gaussianNoise(count, { seed });
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
}

async function drawSheet(folder: string): Promise<CommandResult> {
  await mkdir(folder, { recursive: true });
  const files = new DirectoryFiles(models);
  const labels = JSON.parse(await readFile(join(models, 'nano/labels.json'), 'utf8')) as string[];
  const [descriptor] = await readCatalogue(files);
  const { id, steps, sizes } = descriptor!;
  const [[width, height]] = sizes as [readonly [number, number]];
  const runtime = await openRuntime('cpu');
  const host = new ModelHost({
    runtime,
    files,
    loadTokenizer: loadClipTokenizer,
    clock: () => performance.now(),
  });
  const pipeline = await host.open(descriptor!, { size: { width, height } });
  const order = shuffled(labels.length, 2024);
  const pictures: Picture[] = [];
  const key: { prompt: string; label: string }[] = [];
  for (const place of shuffled(pictureCount, 77)) {
    const label = labels[order[place]!]!;
    const prompt = `${/^[aeiou]/u.test(label) ? 'an' : 'a'} ${label}${tails[place % tails.length]}`;
    pictures.push(
      await pipeline.generate({
        prompt,
        stepCount: steps.initial,
        guidanceScale: 1,
        seed: 1000 + place,
        width,
        height,
      }),
    );
    key.push({ prompt, label });
    report(`${id}: ${pictures.length} of ${pictureCount}`);
  }
  await writeSheet(join(folder, `${id}.webp`), pictures);
  const document: SheetKey = { model: id, steps: steps.initial, seed: 1000, pictures: key };
  await writeFile(join(folder, `${id}.key.json`), `${JSON.stringify(document, null, 1)}\n`);
  // Those drawn and others, in the alphabet's order.
  const offered = order.slice(0, offeredLabels).map((i) => labels[i]!);
  await writeFile(join(folder, 'labels.json'), `${JSON.stringify(offered.sort(), null, 1)}\n`);
  await host.dispose();
  await runtime.dispose();
  return { success: true, output: { folder, sheet: `${id}.webp` } };
}

async function writeSheet(file: string, pictures: readonly Picture[]): Promise<void> {
  const tiles: OverlayOptions[] = [];
  for (const [i, { rgba, width, height }] of pictures.entries()) {
    const left = (i % columns) * (side + 8);
    const top = Math.floor(i / columns) * (side + strip + 8);
    const tile = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .resize(side, side, { kernel: 'cubic' })
      .png()
      .toBuffer();
    const number = `<svg width="${side}" height="${strip}"><text x="2" y="17" font-size="16" font-family="sans-serif">${i + 1}</text></svg>`;
    tiles.push({ input: Buffer.from(number), left, top }, { input: tile, left, top: top + strip });
  }
  const width = columns * (side + 8);
  const height = Math.ceil(pictures.length / columns) * (side + strip + 8);
  await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(tiles)
    .webp({ quality: 80 })
    .toFile(file);
}

async function scoreAnswers(folder: string): Promise<CommandResult> {
  const [descriptor] = await readCatalogue(new DirectoryFiles(models));
  const { id } = descriptor!;
  const key = JSON.parse(await readFile(join(folder, `${id}.key.json`), 'utf8')) as SheetKey;
  const answers = JSON.parse(await readFile(join(folder, `${id}.answers.json`), 'utf8')) as string[];
  if (answers.length !== key.pictures.length) {
    throw new UsageError(`${id}: ${answers.length} answers for ${key.pictures.length} pictures.`);
  }
  const wrong = key.pictures.flatMap(({ label }, i) =>
    answers[i] === label ? [] : [{ picture: i + 1, label, answer: answers[i] }],
  );
  const right = answers.length - wrong.length;
  const result = { model: id, steps: key.steps, right, of: answers.length, wrong };
  await writeFile(join(folder, 'score.json'), `${JSON.stringify(result, null, 1)}\n`);
  return { success: true, output: result };
}

await runCommand(usage, async () => {
  const { values } = parseArgs({ options: { draw: { type: 'string' }, score: { type: 'string' } } });
  if (values.draw !== undefined) return drawSheet(values.draw);
  if (values.score !== undefined) return scoreAnswers(values.score);
  throw new UsageError('--draw or --score is needed.');
});
