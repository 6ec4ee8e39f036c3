import { EngineError } from '../core/errors.ts';
import type { GenerationRequest } from './generation.ts';

/** Beyond this no backend here holds the activations. */
const longestSide = 2048;

/**
 * @param scaleFactor pixels per latent, each way
 * @throws EngineError 'argument-invalid' naming the argument
 */
export function assertRequest(request: GenerationRequest, scaleFactor: number): void {
  const { stepCount, guidanceScale, seed, width, height } = request;
  if (!Number.isInteger(stepCount) || stepCount < 1 || stepCount > 1000) {
    throw invalid('steps', stepCount, 'a whole number from 1 to 1000');
  }
  if (!Number.isFinite(guidanceScale) || guidanceScale < 0) {
    throw invalid('guidance', guidanceScale, 'a number of at least 0');
  }
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw invalid('seed', seed, 'a whole number from 0 to 2^53 - 1');
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

function invalid(argument: string, found: number, wanted: string): EngineError {
  return new EngineError('argument-invalid', `${argument} is ${found}, wanted ${wanted}.`, {
    subject: argument,
    found: `${found}`,
    wanted,
  });
}
