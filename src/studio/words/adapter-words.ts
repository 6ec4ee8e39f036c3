/** Files that change a model's weights, in words. */
import type { PresentAdapter } from '../state/adapters.ts';
import { bytesText } from './byte-words.ts';

const partNames = { unet: 'network', text_encoder: 'text encoder' } as const;

/** 'LoRA of network and text encoder, 32 layers, rank 4, 1.20 MB'; with ', scale taken as 1' where it isn't known */
export function adapterText({ summary, sizeBytes }: PresentAdapter): string {
  const { kind, parts, layers, ranks, scaleAssumed } = summary;
  if (kind === 'unet') return `U-Net, ${layers} tensors, ${bytesText(sizeBytes)}`;
  const changed = (['unet', 'text_encoder'] as const).filter((part) => parts.includes(part));
  const [lowest = 0, highest = 0] = ranks ?? [];
  const rank = lowest === highest ? `rank ${lowest}` : `ranks ${lowest} to ${highest}`;
  const names = changed.map((part) => partNames[part]).join(' and ');
  const scale = scaleAssumed ? ', scale taken as 1' : '';
  return `LoRA of ${names}, ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${rank}, ${bytesText(sizeBytes)}${scale}`;
}

/** What there is to know of files that were just added. */
export function addedSentences(
  ids: readonly string[],
  present: readonly PresentAdapter[],
): readonly string[] {
  const added = present.filter(({ id }) => ids.includes(id));
  const waits = added.some(({ summary, original }) => summary.kind === 'unet' && original === null);
  const assumed = added.filter(({ summary }) => summary.scaleAssumed).map(({ id }) => id);
  return [
    waits
      ? 'Choose the model it was tuned from, under LoRA in the settings.'
      : 'At full strength on both sides: draw to see it. Strengths are under LoRA in the settings.',
    ...(assumed.length > 0
      ? [
          `${namesText(assumed)} came without PEFT's adapter_config.json, which has the scale: 1 is taken. ` +
            'Add both files together for the scale that it was made with.',
        ]
      : []),
  ];
}

/** 'painting.safetensors and another.safetensors' */
export const namesText = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
