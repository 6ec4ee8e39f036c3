/** A recorded case of fixtures/reference (its README tells the layout): weights, config, and calls to repeat. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type FloatTensor, floatTensor } from '../engine/core/tensor.ts';
import type { Checkpoint } from '../engine/weights/checkpoint.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { openCheckpoint } from '../engine/weights/open-checkpoint.ts';
import { DirectoryFiles } from '../platform/node/directory-files.ts';

export interface ReferenceCall {
  readonly label: string;
  /** Integers as float32 too: ids and timesteps are small. */
  readonly inputs: Readonly<Record<string, FloatTensor>>;
  readonly outputs: Readonly<Record<string, FloatTensor>>;
}

export interface ReferenceCase {
  readonly files: ModelFiles;
  readonly config: unknown;
  readonly checkpoint: Checkpoint;
  readonly calls: readonly ReferenceCall[];
}

interface RecordedCalls {
  readonly calls: readonly { readonly label: string; readonly inputs: object; readonly outputs: object }[];
}

export const referenceDirectory = 'fixtures/reference';

/** Cases whose data may not be copied into the repo lie beside it, where this machine has them. */
export const sharedDirectory = '../shared';

export function hasReferenceCase(directory: string): boolean {
  return existsSync(join(directory, 'io.json'));
}

/** The recordings of a case: against the full weights, and where they exist against the float16 ones. */
export function recordingsOf(directory: string): ('full' | 'fp16')[] {
  return existsSync(join(directory, 'io.fp16.json')) ? ['full', 'fp16'] : ['full'];
}

/** @param stem the weights' file name without ending: 'model', 'diffusion_pytorch_model' */
export async function readReferenceCase(
  directory: string,
  stem: string,
  recording: 'full' | 'fp16' = 'full',
): Promise<ReferenceCase> {
  const files = new DirectoryFiles(directory);
  const json = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8'));
  const recorded: RecordedCalls = json(recording === 'full' ? 'io.json' : 'io.fp16.json');
  const tensors = await openCheckpoint(files, 'io', { variants: [recording] });
  const read = async (name: string) => floatTensor(tensors.entry(name).shape, await tensors.readTensor(name));
  const readAll = async (prefix: string, names: object) => {
    const values: Record<string, FloatTensor> = {};
    for (const name of Object.keys(names)) values[name] = await read(`${prefix}${name}`);
    return values;
  };
  const calls: ReferenceCall[] = [];
  for (const { label, inputs, outputs } of recorded.calls) {
    calls.push({
      label,
      inputs: await readAll(`${label}/in.`, inputs),
      outputs: await readAll(`${label}/out.`, outputs),
    });
  }
  const variants = recording === 'full' ? (['full', 'fp16'] as const) : (['fp16'] as const);
  const checkpoint = await openCheckpoint(files, stem, { variants });
  return { files, config: json('config.json'), checkpoint, calls };
}

/** Largest absolute error over the largest absolute reference value. */
export function relativeError(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let error = 0;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    // A NaN must not hide behind a comparison.
    if (!(difference <= error)) error = difference;
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  return found.length === wanted.length ? error / largest : Number.POSITIVE_INFINITY;
}

/**
 * float32 in another order of summation: the references differ from float64 by 1e-6 to 3e-6 themselves, and a
 * wrong norm epsilon shows at 1e-4 and more in the cases made for it.
 */
const tolerance = 1e-5;

/** Every recorded output must be there and agree. */
export function expectOutputs(
  found: Readonly<Record<string, Float32Array>>,
  wanted: Readonly<Record<string, FloatTensor>>,
): void {
  for (const [name, { data }] of Object.entries(wanted)) {
    expect(found[name], name).toBeDefined();
    expect(relativeError(found[name]!, data), name).toBeLessThan(tolerance);
  }
}
