/** A U-Net's keys and values of the text, computed once for the texts of a draw and kept where the U-Net runs. */
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import type { Component } from './component.ts';
import type { KeptTensor, Session } from './ports.ts';

export interface TextProjector extends Component {
  /** @param texts hidden states [1, L, D] @returns [B, L, W], the projector's own: valid until the next call */
  project(texts: readonly FloatTensor[]): Promise<KeptTensor>;
}

/** @param session of the graph `projections`, with kept outputs; disposed with the projector */
export function createTextProjector(session: Session): TextProjector {
  let last: { readonly texts: readonly FloatTensor[]; readonly projections: KeptTensor } | undefined;
  return {
    async project(texts) {
      const known = last;
      // Prompts are remembered as the same tensors, by every step and by the next draw.
      if (known?.texts.length === texts.length && texts.every((text, i) => text === known.texts[i])) {
        return known.projections;
      }
      last = undefined;
      known?.projections.dispose();
      const { text_projections } = await session.keep!({ encoder_hidden_states: stackTexts(texts) });
      last = { texts: [...texts], projections: text_projections! };
      return last.projections;
    },
    async dispose() {
      last?.projections.dispose();
      last = undefined;
      await session.dispose();
    },
  };
}

/** [1, L, D] each to [B, L, D]. */
export function stackTexts(texts: readonly FloatTensor[]): FloatTensor {
  const [first] = texts;
  if (texts.length === 1) return first!;
  const { data, shape } = first!;
  const stacked = new Float32Array(data.length * texts.length);
  for (const [i, text] of texts.entries()) stacked.set(text.data, i * data.length);
  return floatTensor([texts.length, ...shape.slice(1)], stacked);
}
