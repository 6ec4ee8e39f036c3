/** The catalogue of embedded models, checked: it is a file, so it may be wrong. */
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../engine/weights/json-document.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

/** Under the models' root. */
export const cataloguePath = 'catalog.json';

/**
 * The models that `catalog.json` describes, in its order.
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' naming model and field
 */
export async function readCatalogue(files: ModelFiles): Promise<readonly ModelDescriptor[]> {
  const bytes = await files.read(cataloguePath, 0, await files.size(cataloguePath));
  const { models } = parseJsonObject(bytes, cataloguePath);
  if (!Array.isArray(models) || models.length === 0) throw invalid('models', models, 'a list of models');
  return models.map(checkModel);
}

function checkModel(model: unknown, i: number): ModelDescriptor {
  const at = `models[${i}]`;
  if (!isJsonObject(model)) throw invalid(at, model, 'an object');
  const { id, title, lineage, components, sampler, licence } = model;
  for (const [field, value] of Object.entries({ id, title, lineage })) wantText(`${at}.${field}`, value);
  if (sampler !== undefined) wantText(`${at}.sampler`, sampler);
  if (!isJsonObject(components)) throw invalid(`${at}.components`, components, 'an object of folders');
  for (const part of ['tokenizer', 'text_encoder', 'unet', 'vae']) {
    wantText(`${at}.components.${part}`, components[part]);
  }
  checkSampling(at, model);
  if (!isJsonObject(licence)) throw invalid(`${at}.licence`, licence, 'an object');
  wantText(`${at}.licence.name`, licence.name);
  return model as JsonObject & ModelDescriptor;
}

/** Steps, guidance and sizes, which embedded and published models give alike. */
export function checkSampling(at: string, { steps, guidance, sizes }: JsonObject): void {
  wantRange(`${at}.steps`, steps);
  if (guidance !== null) wantRange(`${at}.guidance`, guidance);
  const isSize = (size: unknown) => Array.isArray(size) && size.length === 2 && size.every(isPositive);
  if (!Array.isArray(sizes) || sizes.length === 0 || !sizes.every(isSize)) {
    throw invalid(`${at}.sizes`, sizes, 'a list of [width, height]');
  }
}

export function wantText(subject: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalid(subject, value, 'text');
}

function wantRange(subject: string, value: unknown): void {
  const { minimum, maximum, initial } = isJsonObject(value) ? value : {};
  if (![minimum, maximum, initial].every(isPositive)) {
    throw invalid(subject, value, '{"minimum", "maximum", "initial"} of positive numbers');
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

export function invalid(field: string, value: unknown, wanted: string): EngineError {
  const found = JSON.stringify(value) ?? 'nothing';
  return new EngineError('config-invalid', `${cataloguePath}: ${field} is ${found}, not ${wanted}.`, {
    subject: `${cataloguePath}: ${field}`,
    found,
    wanted,
    remedy: 'Correct the catalogue and build the page again.',
  });
}
