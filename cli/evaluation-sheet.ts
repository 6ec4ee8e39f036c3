/** The sheet of docs/evaluation: 40 evaluation prompts, a row each, drawn five ways from the same noise. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { readEvaluationSet } from '../evaluation/evaluation-set.ts';
import { ModelHost } from '../src/engine/pipeline/model-host.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const usage = 'npm run -s evaluation-sheet -- --out FILE.webp';

const columns = [
  { model: 'sd-nano', steps: 25 },
  { model: '2-rf-nano', steps: 25 },
  { model: '2-rf-nano', steps: 1 },
  { model: 'sd-distill-nano', steps: 1 },
  { model: 'instaflow-nano', steps: 1 },
] as const;

/** Every twelfth prompt: all kinds, none chosen by looks. */
const stride = 12;
const promptCount = 40;
/** Two blocks of rows side by side. */
const blocks = 2;
const side = 96;
const gap = 4;
const promptWidth = 300;
const header = 24;

const text = (value: string, width: number, y: number) => {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Buffer.from(
    `<svg width="${width}" height="${side}"><text x="4" y="${y}" font-size="13" font-family="sans-serif">${escaped}</text></svg>`,
  );
};

await runCommand(usage, async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  if (values.out === undefined) throw new UsageError('--out is needed.');
  const files = new DirectoryFiles(fileURLToPath(new URL('../models', import.meta.url)));
  const catalogue = await readCatalogue(files);
  const { prompts } = await readEvaluationSet(files, 'nano');
  const chosen = prompts.filter((_, i) => i % stride === 0).slice(0, promptCount);
  const runtime = await openRuntime('cpu');
  const host = new ModelHost({
    runtime,
    files,
    loadTokenizer: loadClipTokenizer,
    clock: () => performance.now(),
  });
  const rows = Math.ceil(chosen.length / blocks);
  const blockWidth = promptWidth + columns.length * (side + gap);
  const tiles: OverlayOptions[] = [];
  const placeOf = (i: number) => ({
    left: Math.floor(i / rows) * blockWidth,
    top: header + (i % rows) * (side + gap),
  });
  for (const [i, { prompt }] of chosen.entries()) {
    tiles.push({ input: text(prompt, promptWidth, side / 2), ...placeOf(i) });
  }
  for (const [column, { model, steps }] of columns.entries()) {
    const left = promptWidth + column * (side + gap);
    for (let block = 0; block < blocks; block++) {
      const title = `${model.replace('-nano', '')} ${steps}`;
      tiles.push({ input: text(title, side, 14), left: block * blockWidth + left, top: 4 });
    }
    const descriptor = catalogue.find(({ id }) => id === model);
    if (!descriptor) throw new UsageError(`The catalogue has no ${model}.`);
    const [[width, height]] = descriptor.sizes as [readonly [number, number]];
    const pipeline = await host.open(descriptor, { size: { width, height } });
    for (const [i, { prompt, seed }] of chosen.entries()) {
      const guidanceScale = descriptor.guidance?.initial ?? 1;
      const { rgba } = await pipeline.generate({
        prompt,
        stepCount: steps,
        guidanceScale,
        seed,
        width,
        height,
      });
      const input = await sharp(rgba, { raw: { width, height, channels: 4 } })
        .resize(side, side, { kernel: 'cubic' })
        .png()
        .toBuffer();
      const place = placeOf(i);
      tiles.push({ input, left: place.left + left, top: place.top });
    }
    report(`${model} at ${steps}`);
  }
  await mkdir(dirname(values.out), { recursive: true });
  await sharp({
    create: {
      width: blocks * blockWidth,
      height: header + rows * (side + gap),
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(tiles)
    .webp({ quality: 55, effort: 6 })
    .toFile(values.out);
  await host.dispose();
  await runtime.dispose();
  return { success: true, output: { sheet: values.out, prompts: chosen.length } };
});
