/**
 * Names of a LoRA file's tensors, in every spelling in use:
 * - kohya: `lora_unet_down_blocks_0_..._to_q.lora_down.weight`, `lora_te_...`, with `.alpha`
 * - diffusers: `unet.<path>.lora.down.weight`, `text_encoder.<path>.lora_linear_layer.down.weight`
 * - diffusers before 0.22: `<path of the attention>.processor.to_q_lora.down.weight`, with or without `unet.`
 * - PEFT: `unet.<path>.lora_A.weight`, `base_model.model.<path>.lora_A.default.weight`
 */
import { EngineError } from '../../core/errors.ts';
import { quote } from '../json-document.ts';

/** A network that adapters change, named as its folder in a diffusers checkpoint. */
export type AdaptedPart = 'text_encoder' | 'unet';

/** W += scale · up · down; mid is a convolution between the two; alpha over the rank is the scale. */
export type LoraRole = 'down' | 'up' | 'mid' | 'alpha';

export interface LoraKey {
  readonly part: AdaptedPart;
  /** The adapted layer: its path, or in kohya's spelling the path with '_' for '.'. */
  readonly layer: string;
  readonly underscored: boolean;
  readonly role: LoraRole;
}

/** What PEFT writes before the path of a layer; diffusers takes it away. */
export const peftPrefix = 'base_model.model.';

const matrixEnding = /[._]lora(?:_linear_layer)?[._](?:(down|up|mid)|(A|B)(?:\.[^.]+)?)\.weight$/;
const alphaEnding = /(?:[._]lora(?:_linear_layer)?)?\.alpha$/;

/** Relatives of LoRA that change weights in another way; each pattern reads a name once, however long it is. */
const otherMethods: readonly (readonly [RegExp, string])[] = [
  [/\.(?:dora_scale|lora_magnitude_vector(?:\.[^.]+)?(?:\.weight)?)$/, 'DoRA'],
  [/\.hada_\w+$/, 'LoHa'],
  [/\.lokr_\w+$/, 'LoKr'],
  [/\.(?:oft_\w+$|lora_embedding_[AB](?:\.|$))/, 'OFT or an adapted embedding'],
  [/\.diff(?:_b)?$/, 'a full difference'],
  [/^(?=.*lora).*\.bias$/s, 'a LoRA with biases'],
];

/** @throws EngineError 'config-unsupported' for what is no LoRA's tensor, naming the method where it is known */
export function parseLoraKey(key: string, file: string): LoraKey {
  const ending = matrixEnding.exec(key);
  if (ending) {
    const [text, named, letter] = ending;
    const role = named ?? (letter === 'A' ? 'down' : 'up');
    return { ...parseLayer(key.slice(0, -text.length)), role: role as LoraRole };
  }
  const alpha = alphaEnding.exec(key);
  if (alpha) return { ...parseLayer(key.slice(0, -alpha[0].length)), role: 'alpha' };
  const method = otherMethods.find(([pattern]) => pattern.test(key))?.[1];
  throw new EngineError('config-unsupported', `${file}: ${quote(key)} is no tensor of a plain LoRA.`, {
    subject: key,
    found: method ?? 'a name of no known spelling',
    wanted: 'LoRA matrices in the spelling of kohya, diffusers or PEFT',
    remedy: 'Use a file of plain LoRA matrices, or merge it into a checkpoint where it was made.',
  });
}

function parseLayer(name: string): Omit<LoraKey, 'role'> {
  const kohya = /^lora_(?:(unet)|te1?)_(.+)$/.exec(name);
  if (kohya) {
    return { part: kohya[1] ? 'unet' : 'text_encoder', layer: kohya[2]!, underscored: true };
  }
  const plain = withoutPeftPrefix(name);
  const prefix = /^(unet|text_encoder)\./.exec(plain);
  const path = withoutPeftPrefix(prefix ? plain.slice(prefix[0].length) : plain);
  const part =
    (prefix?.[1] as AdaptedPart | undefined) ?? (path.startsWith('text_model.') ? 'text_encoder' : 'unet');
  return { part, layer: currentPath(path, part), underscored: false };
}

function withoutPeftPrefix(name: string): string {
  return name.startsWith(peftPrefix) ? name.slice(peftPrefix.length) : name;
}

/** The projections of a text encoder's attention, as the oldest files call them. */
const textProjections: Readonly<Record<string, string>> = {
  to_q: 'q_proj',
  to_k: 'k_proj',
  to_v: 'v_proj',
  to_out: 'out_proj',
};

/** Attention layers as today's checkpoints name them. */
function currentPath(path: string, part: AdaptedPart): string {
  const segments = path.split('.').filter((segment) => segment !== 'processor');
  const last = segments.at(-1)!;
  if (part === 'text_encoder') segments[segments.length - 1] = textProjections[last] ?? last;
  else if (last === 'to_out') segments.push('0');
  return segments.join('.');
}
