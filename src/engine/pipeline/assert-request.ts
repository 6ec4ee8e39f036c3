import { EngineError } from '../core/errors.ts';
import { needsGuidance } from '../samplers/guidance.ts';
import type { Size } from './component.ts';
import type { GenerationRequest } from './generation.ts';
import type { ModelDescriptor } from './model.ts';

/** Of a picture, in pixels: beyond this no backend here holds the activations. */
export const longestSide = 2048;

/**
 * @param limits what the model takes: a one-step network draws nothing sensible in four
 * @param scaleFactor pixels per latent, each way
 * @throws EngineError 'argument-invalid' naming the argument
 */
export function assertRequest(
  request: GenerationRequest,
  { steps, guidance }: Pick<ModelDescriptor, 'steps' | 'guidance'>,
  scaleFactor: number,
): void {
  const { stepCount, guidanceScale, seed, width, height } = request;
  if (!Number.isInteger(stepCount) || stepCount < steps.minimum || stepCount > steps.maximum) {
    const { minimum, maximum } = steps;
    throw invalid(
      'steps',
      stepCount,
      minimum === maximum ? `${minimum}` : `a whole number from ${minimum} to ${maximum}`,
    );
  }
  if (!Number.isFinite(guidanceScale) || guidanceScale < 0) {
    throw invalid('guidance', guidanceScale, 'a number of at least 0');
  }
  if (needsGuidance(guidanceScale) && !(guidance && guidanceScale <= guidance.maximum)) {
    throw invalid('guidance', guidanceScale, guidance ? `at most ${guidance.maximum}` : 'none: 0 or 1');
  }
  assertSeed('seed', seed);
  if (request.promptBlend) assertWeight('promptBlend.weight', request.promptBlend.weight);
  if (request.seedBlend) {
    assertSeed('seedBlend.seed', request.seedBlend.seed);
    assertWeight('seedBlend.weight', request.seedBlend.weight);
  }
  assertSize({ width, height }, scaleFactor);
}

/**
 * @param scaleFactor pixels per latent, each way
 * @throws EngineError 'argument-invalid' naming the side
 */
export function assertSize({ width, height }: Size, scaleFactor: number): void {
  for (const [side, pixels] of Object.entries({ width, height })) {
    if (
      !Number.isInteger(pixels) ||
      pixels < scaleFactor ||
      pixels > longestSide ||
      pixels % scaleFactor !== 0
    ) {
      throw invalid(side, pixels, `a multiple of ${scaleFactor} from ${scaleFactor} to ${longestSide}`);
    }
  }
}

function assertSeed(argument: string, seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw invalid(argument, seed, 'a whole number from 0 to 2^53 - 1');
}

function assertWeight(argument: string, weight: number): void {
  if (!(weight >= 0 && weight <= 1)) throw invalid(argument, weight, 'a number from 0 to 1');
}

function invalid(argument: string, found: number, wanted: string): EngineError {
  return new EngineError('argument-invalid', `${argument} is ${found}, wanted ${wanted}.`, {
    subject: argument,
    found: `${found}`,
    wanted,
  });
}
