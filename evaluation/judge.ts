/** Pictures of the evaluation set by one model, seen through the evaluation's own encoder. */
import { featureTable } from '../src/engine/metrics/feature-table.ts';
import { measureStraightness } from '../src/engine/metrics/straightness.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import type { Tokenizer } from '../src/engine/text/tokenizer.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { type BatchGenerator, batchSize, type EncodedPrompt, loadText } from './batch-generator.ts';
import { type EvaluationSet, readEvaluationSet } from './evaluation-set.ts';
import type { MeasuredPictures } from './measures.ts';
import { loadPictureEncoder, type PictureEncoder } from './picture-encoder.ts';
import { pathSeeds, pathSteps } from './rows.ts';

/** Of the family's pictures. */
const sidePx = 64;

/** What every row needs: the family's one text encoder, the set, and the judge. */
export interface Judge {
  readonly set: EvaluationSet;
  readonly encoder: PictureEncoder;
  readonly texts: readonly EncodedPrompt[];
  readonly empty: EncodedPrompt;
  readonly labels: ReturnType<typeof featureTable>;
  readonly project: (text: EncodedPrompt) => Float32Array;
}

/** Picture i of a row: its prompt, and a seed that no other picture has. */
function pictureOf({ set }: Judge, i: number): { readonly prompt: number; readonly seed: number } {
  const prompt = i % set.prompts.length;
  return {
    prompt,
    seed: set.prompts[prompt]!.seed + set.prompts.length * Math.floor(i / set.prompts.length),
  };
}

/** @throws EngineError what the files and the runtime throw */
export async function openJudge(
  runtime: Runtime,
  files: ModelFiles,
  folder: string,
  tokenizer: Tokenizer,
): Promise<Judge> {
  const set = await readEvaluationSet(files, folder);
  const encoder = await loadPictureEncoder(runtime, files, `${folder}/evaluator`, sidePx);
  const text = await loadText(runtime, files, `${folder}/text_encoder`, tokenizer);
  const encodeAll = async (prompts: readonly string[]) => {
    const encoded: EncodedPrompt[] = [];
    for (const prompt of prompts) encoded.push(await text.encode(prompt));
    return encoded;
  };
  const project = ({ pooled }: EncodedPrompt) => {
    const { textProjection: matrix } = encoder;
    return Float32Array.from({ length: matrix.length / pooled.length }, (_, row) =>
      pooled.reduce((sum, value, k) => sum + value * matrix[row * pooled.length + k]!, 0),
    );
  };
  const texts = await encodeAll(set.prompts.map(({ prompt }) => prompt));
  const labels = featureTable((await encodeAll(set.labels)).map(project));
  const [empty] = await encodeAll(['']);
  await text.dispose();
  return { set, encoder, texts, empty: empty!, labels, project };
}

/** The first `count` pictures of a row. */
export async function drawRow(
  judge: Judge,
  generator: BatchGenerator,
  { steps, guidance, count }: { readonly steps: number; readonly guidance: number; readonly count: number },
): Promise<MeasuredPictures> {
  const features: Float32Array[] = [];
  const embeddings: Float32Array[] = [];
  const prompts: Float32Array[] = [];
  const labelOf: (number | undefined)[] = [];
  for (let begin = 0; begin < count; begin += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, count - begin) }, (_, k) =>
      pictureOf(judge, begin + k),
    );
    const pictures = await generator.draw({
      texts: batch.map(({ prompt }) => judge.texts[prompt]!),
      seeds: batch.map(({ seed }) => seed),
      empty: judge.empty,
      stepCount: steps,
      guidanceScale: guidance,
    });
    const codes = await judge.encoder.encode(pictures);
    features.push(...codes.features);
    embeddings.push(...codes.embeddings);
    for (const { prompt } of batch) {
      const { objects, kind } = judge.set.prompts[prompt]!;
      prompts.push(judge.project(judge.texts[prompt]!));
      labelOf.push(
        kind !== 'scene' && objects.length === 1 ? judge.set.labels.indexOf(objects[0]!) : undefined,
      );
    }
  }
  return {
    features: featureTable(features),
    embeddings: featureTable(embeddings),
    prompts: featureTable(prompts),
    labelOf,
  };
}

/** S(Z) over all seeds: the mean deviation over the mean of (Z_1 - Z_0)², guidance as given. */
export async function straightnessOf(
  judge: Judge,
  generator: BatchGenerator,
  guidance: number,
  sampler: string | undefined,
) {
  // The mean over seeds of both sums, so that every seed counts by its length.
  let deviation = 0;
  let scale = 0;
  for (let begin = 0; begin < pathSeeds; begin += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, pathSeeds - begin) }, (_, k) =>
      pictureOf(judge, begin + k),
    );
    const path = await generator.path({
      texts: batch.map(({ prompt }) => judge.texts[prompt]!),
      seeds: batch.map(({ seed }) => seed),
      empty: judge.empty,
      stepCount: pathSteps,
      guidanceScale: guidance,
      sampler,
    });
    const { absolute, normalised } = measureStraightness(path);
    deviation += absolute * batch.length;
    scale += (absolute / normalised) * batch.length;
  }
  return deviation / scale;
}
