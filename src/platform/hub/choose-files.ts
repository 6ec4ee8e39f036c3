/** Which files of a diffusers folder a model needs: configs, vocabulary, and one copy of each component's weights. */
import { EngineError } from '../../engine/core/errors.ts';
import { exportedModelName } from '../../engine/pipeline/exported/data-names.ts';

export type ComponentName = 'tokenizer' | 'text_encoder' | 'unet' | 'vae' | 'scheduler';

export interface ChosenComponent {
  readonly name: ComponentName;
  /** Folder inside the repository: 'unet'; '' is the root. */
  readonly folder: string;
}

export type WeightPrecision = 'full' | 'fp16';

export interface FileChoice {
  readonly components: readonly ChosenComponent[];
  /** Which copy of the weights to take where both are there. */
  readonly precision: WeightPrecision;
}

export const pipelineComponents: readonly ChosenComponent[] = (
  ['tokenizer', 'text_encoder', 'unet', 'vae', 'scheduler'] as const
).map((name) => ({ name, folder: name }));

/** Weights' names without their ending: transformers' for the text encoder, diffusers' for the rest. */
const stems: Readonly<Partial<Record<ComponentName, string>>> = {
  text_encoder: 'model',
  unet: 'diffusion_pytorch_model',
  vae: 'diffusion_pytorch_model',
};

/** By component: files besides the weights. */
const smallFiles: Readonly<Record<ComponentName, readonly string[]>> = {
  tokenizer: [
    'vocab.json',
    'merges.txt',
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'added_tokens.json',
  ],
  text_encoder: ['config.json'],
  unet: ['config.json'],
  vae: ['config.json'],
  scheduler: ['scheduler_config.json'],
};

const singleEndings = { full: '.safetensors', fp16: '.fp16.safetensors' } as const;
const indexEndings = {
  full: ['.safetensors.index.json'],
  fp16: ['.safetensors.index.fp16.json', '.fp16.safetensors.index.json'],
} as const;
const shardName = {
  full: /^-\d+-of-\d+\.safetensors$/u,
  fp16: /^(\.fp16)?-\d+-of-\d+(\.fp16)?\.safetensors$/u,
};
/** Ready ONNX pipelines: a graph, and its weights beside it under names of the exporter's choice. */
const onnxFile = /^[\w.-]+\.(onnx|onnx_data|pb|data)$/u;

/**
 * Of the paths of a repository, those to fetch; small ones first.
 * @throws EngineError 'file-not-found' naming the component and what was looked for
 */
export function chooseFiles(
  paths: readonly string[],
  { components, precision }: FileChoice,
): readonly string[] {
  const there = new Set(paths);
  const small = there.has('model_index.json') ? ['model_index.json'] : [];
  const weights: string[] = [];
  for (const { name, folder: given } of components) {
    const folder = exportedFolder(there, given);
    const inside = (file: string) => (folder === '' ? file : `${folder}/${file}`);
    small.push(...smallFiles[name].map(inside).filter((path) => there.has(path)));
    const stem = stems[name];
    if (stem !== undefined) weights.push(...weightFiles(paths, inside(''), stem, precision));
  }
  return [...small, ...weights];
}

/** Exporters split the VAE in two, of which drawing needs one. */
const exportedDecoder = 'vae_decoder';

function exportedFolder(there: ReadonlySet<string>, folder: string): string {
  const isThere = (part: string) => there.has(`${part}/${exportedModelName}`);
  const isSplit = folder === 'vae' && isThere(exportedDecoder) && isThere('unet');
  const hasOwn = [...there].some((path) => /^vae\/[^/]+\.safetensors$/u.test(path));
  return isSplit && !hasOwn ? exportedDecoder : folder;
}

/** Files besides the weights that are worth asking for where the server has no listing. */
export function candidateFiles({ components }: Pick<FileChoice, 'components'>): readonly string[] {
  const inFolder = ({ name, folder }: ChosenComponent) =>
    smallFiles[name].map((file) => (folder === '' ? file : `${folder}/${file}`));
  return ['model_index.json', ...components.flatMap(inFolder)];
}

/** One way in which a component's weights may lie in a folder: a first file, and what belongs to it. */
export interface WeightCandidate {
  readonly path: string;
  readonly kind: 'single' | 'shard index' | 'exported';
}

/** The likeliest first; the first that is there is the one. */
export function weightCandidates(
  { name, folder }: ChosenComponent,
  precision: WeightPrecision,
): readonly WeightCandidate[] {
  const stem = stems[name];
  if (stem === undefined) return [];
  const inside = (file: string) => (folder === '' ? file : `${folder}/${file}`);
  const order = precision === 'fp16' ? (['fp16', 'full'] as const) : (['full', 'fp16'] as const);
  const exported = name === 'vae' ? [`${exportedDecoder}/${exportedModelName}`] : [];
  return [
    ...order.map((variant) => ({ path: inside(stem + singleEndings[variant]), kind: 'single' as const })),
    ...order.flatMap((variant) =>
      indexEndings[variant].map((ending) => ({ path: inside(stem + ending), kind: 'shard index' as const })),
    ),
    ...[...exported, inside(exportedModelName)].map((path) => ({ path, kind: 'exported' as const })),
  ];
}

function weightFiles(
  paths: readonly string[],
  folder: string,
  stem: string,
  precision: WeightPrecision,
): readonly string[] {
  const names = paths
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length))
    .filter((name) => !name.includes('/'));
  const order = precision === 'fp16' ? (['fp16', 'full'] as const) : (['full', 'fp16'] as const);
  for (const variant of order) {
    const single = stem + singleEndings[variant];
    if (names.includes(single)) return [folder + single];
    const index = indexEndings[variant].map((ending) => stem + ending).find((name) => names.includes(name));
    if (index === undefined) continue;
    const shards = names.filter(
      (name) => name.startsWith(stem) && shardName[variant].test(name.slice(stem.length)),
    );
    return [index, ...shards].map((name) => folder + name);
  }
  const onnx = names.filter((name) => onnxFile.test(name));
  if (onnx.some((name) => name.endsWith('.onnx'))) return onnx.map((name) => folder + name);
  const pickled = names.find((name) => /\.(bin|ckpt|pt)$/u.test(name));
  throw new EngineError('file-not-found', `The repository has no weights that can be read in ${folder}`, {
    subject: `${folder}${stem}.safetensors`,
    found: pickled ? `${folder}${pickled}, a pickled file` : 'no weights',
    wanted: `${stem}.safetensors, whole or in shards, or ${exportedModelName}`,
    remedy: 'Choose a repository in diffusers format with safetensors weights.',
  });
}
