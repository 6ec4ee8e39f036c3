/** Loading as one rising number per part, from two sources: bytes that arrive and bytes that are read afterwards. */

import type { PartProgress } from '../engine/pipeline/component-loader.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { ModelPart } from '../engine/pipeline/resident-components.ts';
import type { LoadProgress } from './protocol.ts';

export interface LoadReporter {
  /** A file of the model arrives from the server. */
  onFile(path: string, loadedBytes: number, totalBytes: number): void;
  /** A part's weights are read into the runtime. */
  onPart(progress: PartProgress): void;
}

/** @param tell is told of increases only: a part that has arrived and is then read doesn't start anew */
export function createLoadReporter(
  { id, components }: ModelDescriptor,
  tell: (progress: LoadProgress) => void,
): LoadReporter {
  const parts: readonly (readonly [ModelPart, string])[] = [
    ['text encoder', components.text_encoder],
    ['network', components.unet],
    ['decoder', components.vae],
  ];
  const reached = new Map<ModelPart, number>();
  const onPart = ({ part, loadedBytes, totalBytes }: PartProgress) => {
    const share = totalBytes > 0 ? loadedBytes / totalBytes : 0;
    if (share <= (reached.get(part) ?? -1)) return;
    reached.set(part, share);
    tell({ model: id, part, loadedBytes, totalBytes });
  };
  return {
    onPart,
    onFile(path, loadedBytes, totalBytes) {
      const part = parts.find(
        ([, folder]) => path.startsWith(`${folder}/`) && path.endsWith('.safetensors'),
      )?.[0];
      if (part) onPart({ part, loadedBytes, totalBytes });
    },
  };
}
