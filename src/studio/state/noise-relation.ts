/** Whether both sides begin from the same noise, and what that is worth. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { DrawRequest } from '../../worker/protocol.ts';
import type { SideName } from './side.ts';

/**
 * 'same': one noise, and both networks read it in one latent space. 'other-lineage': the same numbers, which mean
 * something else to each model. 'other-size' and 'other-seed': different noise.
 */
export type NoiseRelation = 'same' | 'other-lineage' | 'other-size' | 'other-seed';

type Noise = Pick<DrawRequest, 'seed' | 'seedBlend' | 'width' | 'height'>;

const blendOf = ({ seedBlend }: Noise): string =>
  seedBlend && seedBlend.weight > 0 ? `${seedBlend.seed} ${seedBlend.weight}` : '';

export function noiseRelation(
  requests: Readonly<Record<SideName, Noise>>,
  models: Readonly<Record<SideName, ModelDescriptor | null>>,
): NoiseRelation {
  const { a, b } = requests;
  if (a.seed !== b.seed || blendOf(a) !== blendOf(b)) return 'other-seed';
  if (a.width !== b.width || a.height !== b.height) return 'other-size';
  return models.a?.lineage === models.b?.lineage ? 'same' : 'other-lineage';
}
