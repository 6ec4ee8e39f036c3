/**
 * What keeping tensors with the backend saves over N steps of the embedded model, a new prompt each time: the text's
 * keys and values computed once, and latents that come back after the last step only.
 */
import { gaussianNoise } from '../src/engine/core/noise.ts';
import { floatTensor } from '../src/engine/core/tensor.ts';
import { type Denoiser, loadDenoiser } from '../src/engine/pipeline/denoiser.ts';
import { joinPath, readJsonFile } from '../src/engine/pipeline/model-folder.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import { sampleLatents } from '../src/engine/pipeline/sample-latents.ts';
import { createRectifiedFlow } from '../src/engine/samplers/rectified-flow.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { alternate } from './alternate.ts';
import type { Backend } from './backend.ts';
import { openEmbeddedModel } from './embedded-model.ts';
import { largestRelativeError } from './largest-relative-error.ts';
import { median } from './median.ts';
import type { BenchResult } from './result.ts';

const textLength = 77;

/** @throws EngineError what the model's files and the runtime throw */
export async function benchKept(
  { runtime, labels }: Backend,
  models: ModelFiles,
  { stepCounts, pairCount }: { readonly stepCounts: readonly number[]; readonly pairCount: number },
): Promise<BenchResult[]> {
  if (!runtime.capabilities.keepsTensors) {
    return [
      { name: 'kept', ...labels, skipped: 'This backend keeps no tensors: every evaluation computes all.' },
    ];
  }
  const { files, components, latents: size } = await openEmbeddedModel(models);
  const load = (from: Runtime) =>
    loadDenoiser({ runtime: from, files }, components.unet, { ...size, textLength });
  const keeping = await load(runtime);
  const plain = await load(keepingNothing(runtime));
  const { cross_attention_dim } = await readJsonFile(files, joinPath(components.unet, 'config.json'));
  const textShape = [1, textLength, Number(cross_attention_dim)];
  const textOf = (seed: number) =>
    floatTensor(textShape, gaussianNoise(textLength * textShape[2]!, { seed }));
  let prompts = 0;
  const noise = gaussianNoise(keeping.latentChannels * size.height * size.width, { seed: 1 });
  /** @param told with every step's latents, so that they are read back */
  const walk = (denoiser: Denoiser, stepCount: number, told: boolean, text = textOf(prompts++)) =>
    sampleLatents({
      denoiser,
      sampler: createRectifiedFlow(),
      stepCount,
      guidanceScale: 1,
      text,
      negativeText: undefined,
      noise,
      seed: 1,
      clock: () => performance.now(),
      onStep: told ? () => {} : undefined,
    });
  const [wanted, text] = [await walk(plain, 2, true, textOf(0)), textOf(0)];
  const errorOf = async (told: boolean) =>
    largestRelativeError((await walk(keeping, 2, told, text)).latents, wanted.latents);
  const ways = [
    { name: 'kept-text', told: true, relative_error: await errorOf(true) },
    { name: 'kept-text-and-latents', told: false, relative_error: await errorOf(false) },
  ];
  const results: BenchResult[] = [];
  for (const stepCount of stepCounts) {
    for (const { name, told, relative_error } of ways) {
      const duel = await alternate(
        () => walk(keeping, stepCount, told),
        () => walk(plain, stepCount, true),
        pairCount,
      );
      results.push({
        name,
        ...labels,
        steps: stepCount,
        median_ms: median(duel.oursMs),
        plain_median_ms: median(duel.theirsMs),
        ratio: duel.ratio,
        pair_ratio: duel.pairRatio,
        pairs: pairCount,
        relative_error,
      });
    }
  }
  await keeping.dispose();
  await plain.dispose();
  return results;
}

function keepingNothing(runtime: Runtime): Runtime {
  return {
    get capabilities() {
      return { ...runtime.capabilities, keepsTensors: false };
    },
    variant: runtime.variant,
    createSession: (graph, files, options) => runtime.createSession(graph, files, options),
    dispose: () => runtime.dispose(),
  };
}
