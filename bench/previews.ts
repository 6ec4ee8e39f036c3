/** What previews cost a draw: the same run with and without them, as the worker makes it, in alternating pairs. */
import { EngineError } from '../src/engine/core/errors.ts';
import { ModelHost } from '../src/engine/pipeline/model-host.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { runDraw } from '../src/worker/draw-run.ts';
import { alternate } from './alternate.ts';
import type { Backend } from './backend.ts';
import { median } from './median.ts';
import type { BenchResult } from './result.ts';

/**
 * `ratio`: time with previews over time without.
 * @param files the app's models, with catalog.json
 * @throws EngineError what loading and running throw
 */
export async function benchPreviews(
  { runtime, labels }: Backend,
  files: ModelFiles,
  { pairCount, stepCounts }: { readonly pairCount: number; readonly stepCounts: readonly number[] },
): Promise<BenchResult[]> {
  const model = (await readCatalogue(files)).find(({ steps }) => steps.maximum > 1);
  const size = model?.sizes[0];
  if (!model || !size) {
    throw new EngineError('file-malformed', 'The catalogue lists no model of several steps.', {
      subject: 'models/catalog.json',
    });
  }
  const [width, height] = size;
  const clock = () => performance.now();
  const host = new ModelHost({ runtime, files, loadTokenizer: loadClipTokenizer, clock });
  const pipeline = await host.open(model, { size: { width, height } });
  let previewMs: number | undefined;
  let pictures: number[] = [];

  async function draw(stepCount: number, previews: boolean): Promise<void> {
    const request = { model: model!.id, prompt: 'a red apple', seed: 7, guidanceScale: 1, width, height };
    let count = 0;
    const outcome = await runDraw(
      pipeline,
      { ...request, stepCount, previews },
      {
        signal: { aborted: false },
        previewMs,
        now: clock,
        onEvent(event) {
          if (event.kind !== 'step') return;
          const { endpointPicture, latentsPicture } = event.step;
          count += Number(endpointPicture !== undefined) + Number(latentsPicture !== undefined);
        },
      },
    );
    previewMs = outcome.previewMs ?? outcome.timings.decodeMs;
    if (previews) pictures.push(count);
  }

  const results: BenchResult[] = [];
  for (const stepCount of stepCounts) {
    pictures = [];
    const { oursMs, theirsMs, ratio, pairRatio, processorRatio } = await alternate(
      () => draw(stepCount, false),
      () => draw(stepCount, true),
      pairCount,
    );
    results.push({
      name: 'previews',
      ...labels,
      steps: stepCount,
      median_ms: median(theirsMs),
      without_ms: median(oursMs),
      ratio,
      pair_ratio: pairRatio,
      processor_ratio: processorRatio,
      pictures: median(pictures),
      repetitions: pairCount,
    });
  }
  await host.dispose();
  return results;
}
