/**
 * PEFT's scale of a LoRA without alpha tensors. It writes alpha into `adapter_config.json` beside the weights;
 * diffusers writes the same fields into the weights' own metadata, prefixed with the network's name.
 */
import { EngineError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, parseJsonObject, quote } from '../json-document.ts';
import type { ModelFiles } from '../model-files.ts';
import { readRange } from '../read-range.ts';
import type { AdaptedPart } from './lora-key.ts';

/** What up · down is multiplied by, without the strength. */
export type PeftScaling = (part: AdaptedPart, layer: string, rank: number) => number;

/** Where PEFT says nothing, alpha is the rank. */
const unscaled: PeftScaling = () => 1;

/** A config is a page of text. */
const maximumConfigBytes = 1024 * 1024;

/** @throws EngineError 'file-malformed' | 'config-invalid' | 'config-unsupported' naming the field */
export async function readPeftScaling(
  files: ModelFiles,
  path: string,
  metadata: ReadonlyMap<string, string>,
): Promise<PeftScaling> {
  const embedded = metadata.get('lora_adapter_metadata');
  if (embedded !== undefined) {
    const subject = `${path} (lora_adapter_metadata)`;
    const fields = parseJsonObject(new TextEncoder().encode(embedded), subject);
    const scalings = {
      unet: scalingOf(fields, 'unet.', subject),
      text_encoder: scalingOf(fields, 'text_encoder.', subject),
    };
    return (part, layer, rank) => scalings[part](part, layer, rank);
  }
  const beside = `${path.slice(0, path.lastIndexOf('/') + 1)}adapter_config.json`;
  if (!path.endsWith('adapter_model.safetensors') || !(await files.has(beside))) return unscaled;
  const size = await files.size(beside);
  if (size > maximumConfigBytes) {
    throw new EngineError('file-malformed', `${beside} is too large for a config.`, {
      subject: beside,
      found: `${size} bytes`,
      wanted: `at most ${maximumConfigBytes}`,
    });
  }
  return scalingOf(parseJsonObject(await readRange(files, beside, 0, size), beside), '', beside);
}

function scalingOf(fields: JsonObject, prefix: string, subject: string): PeftScaling {
  const field = (name: string) => fields[prefix + name];
  const refuse = (name: string, wanted: string, code: 'config-invalid' | 'config-unsupported') =>
    new EngineError(code, `${subject}: ${prefix}${name} is ${quote(field(name))}, not ${wanted}.`, {
      subject: prefix + name,
      found: quote(field(name)),
      wanted,
      remedy: 'Save the LoRA again as plain matrices.',
    });
  for (const name of ['use_dora', 'fan_in_fan_out']) {
    if (field(name) === true) throw refuse(name, 'false', 'config-unsupported');
  }
  const alpha = field('lora_alpha');
  if (alpha === undefined) return unscaled;
  const patterns = field('alpha_pattern') ?? {};
  if (!isNumber(alpha)) throw refuse('lora_alpha', 'a number', 'config-invalid');
  if (!isJsonObject(patterns) || !Object.values(patterns).every(isNumber)) {
    throw refuse('alpha_pattern', 'numbers by layer', 'config-invalid');
  }
  const stabilised = field('use_rslora') === true;
  return (_, layer, rank) => {
    const own = Object.entries(patterns).find(([name]) => layer === name || layer.endsWith(`.${name}`));
    return ((own?.[1] as number | undefined) ?? alpha) / (stabilised ? Math.sqrt(rank) : rank);
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
