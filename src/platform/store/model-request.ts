/** What someone wants in the store: parts of one or several repositories, and how they are kept. */
import { isJsonObject, type JsonObject } from '../../engine/weights/json-document.ts';
import { type ChosenComponent, pipelineComponents, type WeightPrecision } from '../hub/choose-files.ts';
import { type ModelSource, parseModelSource, sourceTitle } from '../hub/model-source.ts';
import type { PublishedModel, PublishedPart } from '../hub/published-model.ts';
import type { StoredAs } from './storage-plan.ts';

export interface RequestedParts {
  readonly source: ModelSource;
  readonly components: readonly ChosenComponent[];
  readonly precision: WeightPrecision;
}

export interface ModelRequest {
  /** A catalogue id, or the typed hub id or address. */
  readonly id: string;
  readonly title: string;
  readonly parts: readonly RequestedParts[];
  readonly storeAs: StoredAs;
}

/** What is published as float16 is kept as it is: there is nothing to convert. */
export function requestOfPublished(model: PublishedModel, storeAs: StoredAs): ModelRequest {
  const bySource = new Map<string, { precision: WeightPrecision; components: ChosenComponent[] }>();
  const add = (name: ChosenComponent['name'], { source, folder, precision = 'full' }: PublishedPart) => {
    const parts = bySource.get(source) ?? { precision, components: [] };
    bySource.set(source, parts);
    parts.components.push({ name, folder });
  };
  for (const [name, part] of Object.entries(model.parts)) add(name as ChosenComponent['name'], part);
  for (const part of model.delta ? [model.delta.finetuned, model.delta.original] : []) add('unet', part);
  const parts = [...bySource].map(([source, rest]) => ({ source: parseModelSource(source), ...rest }));
  const { id, title, publishedAs } = model;
  return { id, title, parts, storeAs: publishedAs === 'float16' ? 'original' : storeAs };
}

/** A whole diffusers pipeline from one place. */
export function requestOfSource(
  source: ModelSource,
  storeAs: StoredAs,
  precision: WeightPrecision,
): ModelRequest {
  const title = sourceTitle(source);
  const id = source.kind === 'hub' && source.revision !== 'main' ? `${title}@${source.revision}` : title;
  return { id, title, parts: [{ source, components: pipelineComponents, precision }], storeAs };
}

/** undefined for anything else: records come from disk. */
export function parseModelRequest(value: unknown): ModelRequest | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, title, parts, storeAs } = value;
  if (typeof id !== 'string' || id === '' || typeof title !== 'string' || !Array.isArray(parts))
    return undefined;
  if (storeAs !== 'original' && storeAs !== 'float16') return undefined;
  if (parts.length === 0 || !parts.every(isParts)) return undefined;
  return { id, title, storeAs, parts };
}

function isParts(value: unknown): value is RequestedParts {
  if (!isJsonObject(value)) return false;
  const { source, components, precision } = value;
  if (precision !== 'full' && precision !== 'fp16') return false;
  if (!isJsonObject(source) || !isSource(source)) return false;
  const names = pipelineComponents.map(({ name }) => name as string);
  return (
    Array.isArray(components) &&
    components.every(
      (component) =>
        isJsonObject(component) &&
        names.includes(String(component.name)) &&
        typeof component.folder === 'string',
    )
  );
}

function isSource({ kind, id, revision, url }: JsonObject): boolean {
  try {
    const typed = kind === 'hub' ? `${id}@${revision}` : String(url);
    return parseModelSource(typed).kind === kind;
  } catch {
    return false;
  }
}
