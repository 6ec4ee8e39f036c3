/** Draws the evaluation's pictures with every model of the embedded family and measures them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../bench/median.ts';
import { loadBatchGenerator } from '../evaluation/batch-generator.ts';
import { drawRow, openJudge, straightnessOf } from '../evaluation/judge.ts';
import { measurePictures } from '../evaluation/measures.ts';
import { type Evaluation, type EvaluationRow, renderReport } from '../evaluation/report.ts';
import { picturesPerRow, plannedPaths, plannedRows } from '../evaluation/rows.ts';
import { fitGaussian, frechetDistance } from '../src/engine/metrics/frechet-distance.ts';
import { retrievalRanks, topShare } from '../src/engine/metrics/retrieval.ts';
import type { ModelDescriptor } from '../src/engine/pipeline/model.ts';
import { ModelHost } from '../src/engine/pipeline/model-host.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { numberOption } from './number-option.ts';
import { openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { runCommand } from './run-command.ts';

const usage = `npm run -s evaluate -- [--pictures N] [--only MODELS] [--out DIR]
  --pictures N   so many a row, for a quick look (2000)
  --only MODELS  measures their rows again (ids with commas between) and keeps the others of DIR/EVALUATION.json
  --out DIR      default models/nano`;

const models = fileURLToPath(new URL('../models', import.meta.url));
const folder = 'nano';
const timedPictures = 7;

/** One picture at a time through the pipeline, as the app draws it: median ms, and the sampler's name. */
async function timePicture(host: ModelHost, model: ModelDescriptor, steps: number, guidance: number) {
  const [[width, height]] = model.sizes as [readonly [number, number]];
  const pipeline = await host.open(model, { size: { width, height } });
  const times: number[] = [];
  let sampler = '';
  for (let seed = 0; seed <= timedPictures; seed++) {
    const result = await pipeline.generate({
      prompt: 'a red apple',
      stepCount: steps,
      guidanceScale: guidance,
      seed,
      width,
      height,
    });
    sampler = result.sampler;
    if (seed > 0) times.push(result.timings.totalMs);
  }
  return { ms: median(times), sampler };
}

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: { pictures: { type: 'string' }, only: { type: 'string' }, out: { type: 'string' } },
  });
  const count = numberOption('pictures', values.pictures) ?? picturesPerRow;
  const out = values.out ?? join(models, folder);
  const files = new DirectoryFiles(models);
  const catalogue = new Map((await readCatalogue(files)).map((model) => [model.id, model]));
  const only = values.only?.split(',');
  const wanted = (model: string) => catalogue.has(model) && (only === undefined || only.includes(model));
  const before = values.only === undefined ? undefined : await readBefore(join(out, 'EVALUATION.json'));

  const runtime = await openRuntime('cpu');
  const host = new ModelHost({
    runtime,
    files,
    loadTokenizer: loadClipTokenizer,
    clock: () => performance.now(),
  });
  const judge = await openJudge(
    runtime,
    files,
    folder,
    await loadClipTokenizer(files, `${folder}/tokenizer`),
  );
  const real = fitGaussian(judge.set.real.a);
  const ranks = retrievalRanks(judge.set.singles.embeddings, judge.labels, judge.set.singles.labels);
  const rows: EvaluationRow[] = (before?.rows ?? []).filter(({ model }) => !wanted(model));
  const straightness: Record<string, number> = { ...before?.straightness };

  for (const id of new Set(plannedRows.map(({ model }) => model).filter(wanted))) {
    const model = catalogue.get(id)!;
    const text = {
      length: judge.texts[0]!.states.length / judge.texts[0]!.pooled.length,
      width: judge.texts[0]!.pooled.length,
    };
    const generator = await loadBatchGenerator(runtime, files, model, text);
    const guidance = model.guidance?.initial ?? 1;
    for (const { steps } of plannedRows.filter((row) => row.model === id)) {
      const begun = performance.now();
      const pictures = await drawRow(judge, generator, { steps, guidance, count });
      // The sampler's name and the time come below.
      const row: EvaluationRow = {
        model: id,
        steps,
        sampler: '',
        ms: Number.NaN,
        guidance,
        pictures: count,
        ...measurePictures(pictures, real, judge.labels),
      };
      rows.push(row);
      report(
        `${id} at ${steps}: Fréchet ${row.frechet.toFixed(2)}, CLIP ${row.clip_score.toFixed(3)}, ` +
          `top-1 ${row.top1.toFixed(3)}, top-5 ${row.top5.toFixed(3)} (${((performance.now() - begun) / 1000).toFixed(0)} s)`,
      );
    }
    const path = plannedPaths.find(({ model }) => model === id);
    if (path) {
      straightness[id] = await straightnessOf(judge, generator, guidance, path.sampler);
      report(`${id}: S(Z) ${straightness[id].toPrecision(3)}`);
    }
    await generator.dispose();
  }

  // Times belong to one machine and one moment, so those of rows that are kept are taken again.
  for (const [i, row] of rows.entries()) {
    const model = catalogue.get(row.model);
    if (model) rows[i] = { ...row, ...(await timePicture(host, model, row.steps, row.guidance)) };
  }

  const order = plannedRows.map(({ model, steps }) => `${model} ${steps}`);
  const evaluation: Evaluation = {
    trained_on: 'cpu',
    rows: rows.toSorted(
      (a, b) => order.indexOf(`${a.model} ${a.steps}`) - order.indexOf(`${b.model} ${b.steps}`),
    ),
    straightness,
    floor: frechetDistance(real, fitGaussian(judge.set.real.b)),
    retrieval_on_real: { top1: topShare(ranks, 1), top5: topShare(ranks, 5) },
  };
  await writeFile(join(out, 'EVALUATION.json'), `${JSON.stringify(evaluation, null, 1)}\n`);
  await writeFile(join(out, 'EVALUATION.md'), renderReport(evaluation));
  await judge.encoder.dispose();
  await host.dispose();
  await runtime.dispose();
  return { success: true, output: evaluation };
});

async function readBefore(file: string): Promise<Evaluation> {
  return JSON.parse(await readFile(file, 'utf8')) as Evaluation;
}
