/**
 * PEFT's scale of a LoRA without alpha tensors. It writes alpha into `adapter_config.json` beside the weights;
 * diffusers writes the same fields into the weights' own metadata, prefixed with the network's name.
 */
import { EngineError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, parseJsonObject, quote } from '../json-document.ts';
import type { ModelFiles } from '../model-files.ts';
import { readRange } from '../read-range.ts';
import type { AdaptedPart } from './lora-key.ts';
import { type ModulePattern, parseModulePattern } from './module-pattern.ts';

export interface PeftScaling {
  /** The same for the same scales: files are told apart by it, too. */
  readonly key: string;
  /** What up · down is multiplied by, without the strength. */
  scale(part: AdaptedPart, layer: string, rank: number): number;
}

/** Where PEFT says nothing, alpha is the rank. */
export const unscaled: PeftScaling = { key: '', scale: () => 1 };

/** A config is a page of text. */
const maximumConfigBytes = 1024 * 1024;

/** Each is tried on every layer; what many layers have of their own stands under their names. */
const mostExpressions = 64;

/**
 * The config that belongs to PEFT's weights, as they are named, and as a browser numbers what it downloads again:
 * 'adapter_model (1).safetensors' and 'adapter_config (1).json'. undefined for weights of another name.
 */
function configPathOf(path: string): string | undefined {
  const [, begin, end] = /^(.*)adapter_model([^/]*)\.safetensors$/s.exec(path) ?? [];
  return begin === undefined ? undefined : `${begin}adapter_config${end}.json`;
}

/**
 * @param config path of the file's config where it is known; else looked for beside PEFT's weights
 * @throws EngineError 'file-malformed' | 'config-invalid' | 'config-unsupported' naming the field
 */
export async function readPeftScaling(
  files: ModelFiles,
  path: string,
  metadata: ReadonlyMap<string, string>,
  config = configPathOf(path),
): Promise<PeftScaling> {
  const embedded = metadata.get('lora_adapter_metadata');
  if (embedded !== undefined) {
    const subject = `${path} (lora_adapter_metadata)`;
    const fields = parseJsonObject(new TextEncoder().encode(embedded), subject);
    const scalings = {
      unet: scalingOf(fields, 'unet.', subject),
      text_encoder: scalingOf(fields, 'text_encoder.', subject),
    };
    return {
      key: `${scalings.unet.key}${scalings.text_encoder.key}`,
      scale: (part, layer, rank) => scalings[part].scale(part, layer, rank),
    };
  }
  if (config === undefined || !(await files.has(config))) return unscaled;
  const size = await files.size(config);
  if (size > maximumConfigBytes) {
    throw new EngineError('file-malformed', `${config} is too large for a config.`, {
      subject: config,
      found: `${size} bytes`,
      wanted: `at most ${maximumConfigBytes}`,
    });
  }
  const fields = parseJsonObject(await readRange(files, config, 0, size), config);
  if (fields.lora_alpha === undefined) {
    throw new EngineError('config-invalid', `${config} says nothing of a LoRA's scale.`, {
      subject: 'lora_alpha',
      found: 'no such field',
      wanted: "PEFT's adapter_config.json",
      remedy: 'Choose the config that lies beside the weights where they were published.',
    });
  }
  return scalingOf(fields, '', config);
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
  const names = Object.keys(patterns);
  if (names.filter(isExpression).length > mostExpressions) {
    throw refuse('alpha_pattern', `at most ${mostExpressions} expressions`, 'config-unsupported');
  }
  const find = patternFinder(names, `${subject}: ${prefix}alpha_pattern`);
  const stabilised = field('use_rslora') === true;
  return {
    key: JSON.stringify([prefix, alpha, stabilised, patterns]),
    scale(_, layer, rank) {
      const own = find(layer);
      return ((own === undefined ? alpha : patterns[own]) as number) / (stabilised ? Math.sqrt(rank) : rank);
    },
  };
}

/** A name of layers, 'attn1.to_q', has no signs but dots, which stand for themselves. */
function isExpression(pattern: string): boolean {
  return !/^[\w.-]+$/.test(pattern);
}

/**
 * The pattern that PEFT takes for a layer: the first that matches its path, or the end of it after a dot.
 * @throws EngineError 'config-unsupported'
 */
function patternFinder(patterns: readonly string[], subject: string): (layer: string) => string | undefined {
  const order = new Map(patterns.map((pattern, i) => [pattern, i]));
  const expressions: readonly (readonly [string, ModulePattern])[] = patterns
    .filter(isExpression)
    .map((pattern) => [pattern, parseModulePattern(pattern, subject)]);
  return (layer) => {
    const ends = layer.split('.').map((_, i, segments) => segments.slice(i).join('.'));
    const matching = [
      ...ends,
      ...expressions.flatMap(([pattern, matches]) => (matches(layer) ? pattern : [])),
    ];
    const first = Math.min(...matching.map((pattern) => order.get(pattern) ?? Number.POSITIVE_INFINITY));
    return patterns[first];
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
