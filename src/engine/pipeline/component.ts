/** What every part of a pipeline is loaded from and by. */
import type { CancelSignal } from '../core/cancel.ts';
import type { GraphVariant } from '../networks/graph-variant.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import type { Runtime } from './ports.ts';

export interface ComponentContext {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  /** Default: the runtime's own. */
  readonly variant?: GraphVariant | undefined;
  readonly signal?: CancelSignal | undefined;
  /** Of a decoder before it works in tiles; default: the runtime's. */
  readonly largestTensorBytes?: number | undefined;
  /** What adapters make of the component's weights; missing for the weights as they are. */
  readonly adapt?: ((checkpoint: Checkpoint) => Checkpoint) | undefined;
}

/**
 * A component's weights, adapted. @param stemPath as for {@link openCheckpoint}
 * @throws EngineError as `openCheckpoint`, and what an adapter finds not to fit
 */
export async function openWeights(
  { files, signal, adapt }: Pick<ComponentContext, 'files' | 'signal' | 'adapt'>,
  stemPath: string,
): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(files, stemPath, { signal });
  return adapt ? adapt(checkpoint) : checkpoint;
}

/** A loaded network; the caller disposes it. */
export interface Component {
  dispose(): Promise<void>;
}

/** Latents' or pictures' size, rows first as in tensors. */
export interface Size {
  readonly height: number;
  readonly width: number;
}
