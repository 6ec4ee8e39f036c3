/** Files that change a model's weights, in words. */
import type { PresentAdapter } from '../state/adapters.ts';
import { bytesText } from './byte-words.ts';

const partNames = { unet: 'network', text_encoder: 'text encoder' } as const;

/** 'LoRA of network and text encoder, 32 layers, rank 4, 1.20 MB' */
export function adapterText({ summary, sizeBytes }: PresentAdapter): string {
  const { kind, parts, layers, ranks } = summary;
  if (kind === 'unet') return `U-Net, ${layers} tensors, ${bytesText(sizeBytes)}`;
  const changed = (['unet', 'text_encoder'] as const).filter((part) => parts.includes(part));
  const [lowest = 0, highest = 0] = ranks ?? [];
  const rank = lowest === highest ? `rank ${lowest}` : `ranks ${lowest} to ${highest}`;
  const names = changed.map((part) => partNames[part]).join(' and ');
  return `LoRA of ${names}, ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${rank}, ${bytesText(sizeBytes)}`;
}

/** 'painting.safetensors and another.safetensors' */
export const namesText = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
