/** What a model is measured against: prompts, and features of real pictures of them (training/evaluation_set.py). */
import { EngineError } from '../src/engine/core/errors.ts';
import { type FeatureTable, featureTable } from '../src/engine/metrics/feature-table.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';

export type PromptKind = 'single' | 'object-style' | 'object-background' | 'object-pair' | 'scene';

export interface EvaluationPrompt {
  readonly prompt: string;
  /** All but 'single' and 'scene' were never trained on. */
  readonly kind: PromptKind;
  /** Labels of what it names; one where the prompt counts for retrieval. */
  readonly objects: readonly string[];
  readonly seed: number;
}

export interface EvaluationSet {
  readonly prompts: readonly EvaluationPrompt[];
  readonly labels: readonly string[];
  /** Two independent sets of real pictures: the distance between them is the floor. */
  readonly real: { readonly a: FeatureTable; readonly b: FeatureTable };
  /** Embeddings of real pictures of single objects, with their label's index. */
  readonly singles: { readonly embeddings: FeatureTable; readonly labels: readonly number[] };
}

/** @throws EngineError 'file-not-found' | 'file-malformed' and what checkpoints throw */
export async function readEvaluationSet(files: ModelFiles, folder: string): Promise<EvaluationSet> {
  const checkpoint = await openCheckpoint(files, `${folder}/evaluation/real`);
  const table = async (name: string) => {
    const values = await checkpoint.readTensor(name);
    const width = checkpoint.entry(name).shape[1]!;
    return featureTable(
      Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width)),
    );
  };
  return {
    prompts: await readList<EvaluationPrompt>(files, `${folder}/evaluation/prompts.json`),
    labels: await readList<string>(files, `${folder}/labels.json`),
    real: { a: await table('a'), b: await table('b') },
    singles: {
      embeddings: await table('single'),
      labels: Array.from(await checkpoint.readTensor('single_label')),
    },
  };
}

async function readList<Item>(files: ModelFiles, path: string): Promise<readonly Item[]> {
  const bytes = await files.read(path, 0, await files.size(path));
  const list: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (Array.isArray(list) && list.length > 0) return list;
  throw new EngineError('file-malformed', `${path} is no list.`, { subject: path, wanted: 'a JSON array' });
}
