/** Published checkpoints of the catalogue: where their parts lie, under which terms, and how they are sampled. */
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../engine/weights/json-document.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { cataloguePath, checkSampling, invalid, wantText } from './catalogue.ts';
import type { WeightPrecision } from './choose-files.ts';
import { parseModelSource, sourceFolder } from './model-source.ts';

export interface PublishedPart {
  /** Hub id. Parts of one source are stored once, however many models name them. */
  readonly source: string;
  /** Inside the repository; '' is the root. */
  readonly folder: string;
  readonly precision?: WeightPrecision | undefined;
  /** Of its weights, as published; the hub is asked for the exact size before anything is fetched. */
  readonly approximateBytes?: number | undefined;
}

interface PublishedTerms {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  readonly lineage: string;
  /** The space of its latents: a small decoder serves every model of one. */
  readonly latents: string;
  /** What the weights are published as, where plain file names don't tell; default float32. */
  readonly publishedAs?: 'float16' | undefined;
  /** The authors want an account and a click before they hand it out. */
  readonly gated: boolean;
  readonly licence: ModelDescriptor['licence'] & { readonly url: string };
}

export interface PublishedPipeline extends PublishedTerms {
  readonly kind: 'pipeline';
  readonly parts: Readonly<
    Record<'tokenizer' | 'text_encoder' | 'unet' | 'vae' | 'scheduler', PublishedPart>
  >;
  /** The network's weights are unet + (finetuned - original), tensor by tensor. */
  readonly delta?: { readonly finetuned: PublishedPart; readonly original: PublishedPart } | undefined;
  readonly sampler: string;
  readonly steps: ModelDescriptor['steps'];
  readonly guidance: ModelDescriptor['guidance'];
  readonly sizes: ModelDescriptor['sizes'];
}

/** A small decoder for one space of latents: previews and fast decoding. */
export interface PublishedDecoder extends PublishedTerms {
  readonly kind: 'decoder';
  readonly parts: Readonly<Record<'vae', PublishedPart>>;
  readonly delta?: undefined;
}

export type PublishedModel = PublishedPipeline | PublishedDecoder;

const componentNames = ['tokenizer', 'text_encoder', 'unet', 'vae', 'scheduler'] as const;

/**
 * The published models of `catalog.json`, in its order.
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' naming model and field
 */
export async function readPublishedModels(files: ModelFiles): Promise<readonly PublishedModel[]> {
  const bytes = await files.read(cataloguePath, 0, await files.size(cataloguePath));
  const { published = [] } = parseJsonObject(bytes, cataloguePath);
  if (!Array.isArray(published)) throw invalid('published', published, 'a list of models');
  const models = published.map(checkPublished);
  const twice = models.find(({ id }, i) => models.findIndex((other) => other.id === id) !== i);
  if (twice) throw invalid('published', twice.id, 'each id once');
  return models;
}

/** The folder of a part in the store. */
export function partFolder({ source, folder }: PublishedPart): string {
  const root = sourceFolder(parseModelSource(source));
  return folder === '' ? root : `${root}/${folder}`;
}

/**
 * A downloaded pipeline as the engine opens it: components are folders of the store.
 * @param tinyDecoder folder of a tiny decoder for its latents, where one is stored
 */
export function describePublished(model: PublishedPipeline, tinyDecoder?: string): ModelDescriptor {
  const { id, title, lineage, parts, delta, sampler, steps, guidance, sizes, licence } = model;
  const { tokenizer, text_encoder, unet, vae, scheduler } = parts;
  return {
    id,
    title,
    lineage,
    components: {
      tokenizer: partFolder(tokenizer),
      text_encoder: partFolder(text_encoder),
      unet: partFolder(unet),
      vae: partFolder(vae),
      scheduler: partFolder(scheduler),
      tiny_vae: tinyDecoder,
    },
    delta: delta && { finetuned: partFolder(delta.finetuned), original: partFolder(delta.original) },
    sampler,
    steps,
    guidance,
    sizes,
    licence,
  };
}

/** Bytes to fetch, where the catalogue knows them. */
export function approximateBytes({ parts, delta }: PublishedModel): number {
  const all: readonly PublishedPart[] = [
    ...Object.values<PublishedPart>(parts),
    ...(delta ? [delta.finetuned, delta.original] : []),
  ];
  return all.reduce((sum, { approximateBytes: bytes = 0 }) => sum + bytes, 0);
}

function checkPublished(model: unknown, i: number): PublishedModel {
  const at = `published[${i}]`;
  if (!isJsonObject(model)) throw invalid(at, model, 'an object');
  const { kind, id, title, summary, lineage, latents, publishedAs, gated, licence, parts, delta } = model;
  for (const [field, value] of Object.entries({ id, title, summary, lineage, latents }))
    wantText(`${at}.${field}`, value);
  if (publishedAs !== undefined && publishedAs !== 'float16') {
    throw invalid(`${at}.publishedAs`, publishedAs, 'float16, or nothing');
  }
  if (kind !== 'pipeline' && kind !== 'decoder') throw invalid(`${at}.kind`, kind, 'pipeline or decoder');
  if (typeof gated !== 'boolean') throw invalid(`${at}.gated`, gated, 'true or false');
  if (!isJsonObject(licence)) throw invalid(`${at}.licence`, licence, 'an object');
  wantText(`${at}.licence.name`, licence.name);
  wantText(`${at}.licence.url`, licence.url);
  if (!isJsonObject(parts)) throw invalid(`${at}.parts`, parts, 'an object of parts');
  const wanted = kind === 'decoder' ? (['vae'] as const) : componentNames;
  for (const name of wanted) checkPart(`${at}.parts.${name}`, parts[name]);
  const extra = Object.keys(parts).find((name) => !(wanted as readonly string[]).includes(name));
  if (extra !== undefined) throw invalid(`${at}.parts`, extra, wanted.join(', '));
  if (kind === 'pipeline') {
    checkSampling(at, model);
    wantText(`${at}.sampler`, model.sampler);
  }
  if (delta !== undefined) {
    if (!isJsonObject(delta)) throw invalid(`${at}.delta`, delta, '{"finetuned", "original"}');
    for (const name of ['finetuned', 'original']) checkPart(`${at}.delta.${name}`, delta[name]);
  }
  return model as JsonObject as unknown as PublishedModel;
}

function checkPart(at: string, part: unknown): void {
  if (!isJsonObject(part)) throw invalid(at, part, '{"source", "folder"}');
  const { source, folder, precision, approximateBytes: bytes } = part;
  if (typeof source !== 'string' || !isHubId(source)) throw invalid(`${at}.source`, source, 'a hub id');
  if (typeof folder !== 'string' || /^\/|\/$|\.\./u.test(folder)) {
    throw invalid(`${at}.folder`, folder, 'a folder of the repository');
  }
  if (precision !== undefined && precision !== 'full' && precision !== 'fp16') {
    throw invalid(`${at}.precision`, precision, 'full or fp16');
  }
  if (bytes !== undefined && !(typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes > 0)) {
    throw invalid(`${at}.approximateBytes`, bytes, 'a number of bytes');
  }
}

function isHubId(source: string): boolean {
  try {
    return parseModelSource(source).kind === 'hub';
  } catch (thrown) {
    if (thrown instanceof EngineError) return false;
    throw thrown;
  }
}
