/** One output of one recorded call against what we computed. */

export interface Comparison {
  /** The case's folder name. */
  readonly case: string;
  readonly call: string;
  readonly output: string;
  readonly max_abs: number | null;
  /** Largest absolute error over the largest absolute reference value. */
  readonly rel: number | null;
  readonly tolerance: number;
  readonly pass: boolean;
  /** Why it couldn't be run; such an output has not passed. */
  readonly skipped?: string;
}

/** Which output of which call is compared, and how closely. */
export type ComparedOutput = Pick<Comparison, 'case' | 'call' | 'output' | 'tolerance'>;

/** Equal lengths are part of agreeing; NaN never agrees. */
export function compareValues(
  what: ComparedOutput,
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
): Comparison {
  if (found.length !== wanted.length) {
    return skippedOutput(what, `${found.length} values, the recorded output has ${wanted.length}`);
  }
  let error = 0;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    // Not `>`: a NaN must not hide behind a comparison.
    if (!(difference <= error)) error = difference;
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  const rel = largest === 0 ? error : error / largest;
  return { ...what, max_abs: error, rel, pass: rel <= what.tolerance };
}

/**
 * 8-bit pictures may differ by one level: the originals differ that much from themselves in float64. One level
 * is stated relative to the brightest value, as the error is; a wider tolerance stays.
 */
export function comparePictures(
  what: ComparedOutput,
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
): Comparison {
  const brightest = Array.from(wanted).reduce((a, b) => Math.max(a, b), 1);
  const tolerance = Math.max(what.tolerance, 1 / brightest);
  return compareValues({ ...what, tolerance }, found, wanted);
}

export function skippedOutput(what: ComparedOutput, reason: string): Comparison {
  return { ...what, max_abs: null, rel: null, pass: false, skipped: reason };
}
