/** Classifier-free guidance (Ho & Salimans 2022), as in the authors' pipeline and Stable Diffusion's. */
import { EngineError } from '../core/errors.ts';

/** Guidance acts only above 1; at 0, 1 and anything between, one conditional pass runs and no negative prompt. */
export function needsGuidance(scale: number): boolean {
  return scale > 1;
}

/**
 * negative + scale * (conditional - negative), elementwise in float32 as the originals compute it.
 * @param scale guidance scale, above 1
 * @throws EngineError 'argument-invalid' when the lengths differ or the scale isn't finite
 */
export function applyGuidance(
  negative: Float32Array,
  conditional: Float32Array,
  scale: number,
): Float32Array {
  if (negative.length !== conditional.length) {
    throw new EngineError('argument-invalid', 'The two network outputs differ in size.', {
      subject: 'conditional',
      found: `${conditional.length} values`,
      wanted: `${negative.length} values`,
    });
  }
  if (!Number.isFinite(scale)) {
    throw new EngineError('argument-invalid', `${scale} is no guidance scale.`, {
      subject: 'guidanceScale',
      found: `${scale}`,
      wanted: 'a finite number',
    });
  }
  const { fround } = Math;
  const factor = fround(scale);
  return negative.map((value, k) => value + fround(factor * fround(conditional[k]! - value)));
}
