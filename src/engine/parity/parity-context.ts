import { EngineError } from '../core/errors.ts';
import type { GraphVariant } from '../networks/graph-variant.ts';
import type { Clock, Runtime } from '../pipeline/ports.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { type ComparedOutput, type Comparison, skippedOutput } from './comparison.ts';

/** What every kind of case is run with. */
export interface ParityContext {
  /** The case's name, for the report. */
  readonly name: string;
  /** The case's folder. */
  readonly files: ModelFiles;
  readonly runtime: Runtime;
  readonly variant: GraphVariant;
  readonly tolerance: number;
  /** The label of the one recorded call to run; default all of them. */
  readonly only?: string | undefined;
  readonly clock: Clock;
  readonly loadTokenizer: (files: ModelFiles, folder: string) => Promise<Tokenizer>;
  /** A model folder given beside the case; for those that record calls of a full checkpoint. */
  readonly model?: ModelFiles | undefined;
  /** Another case beside this one: some pipelines were recorded with its decoder. */
  readonly sibling?: ((name: string) => ModelFiles) | undefined;
}

/** Runs `compare`; what it throws makes every expected output a skipped one, with the reason. */
export async function comparing(
  expected: readonly ComparedOutput[],
  compare: () => Promise<Comparison[]>,
): Promise<Comparison[]> {
  try {
    return await compare();
  } catch (thrown) {
    const { code, message, found } = EngineError.from(thrown);
    const reason = `${code}: ${message}${found ? ` (found ${found})` : ''}`;
    return expected.map((what) => skippedOutput(what, reason));
  }
}
