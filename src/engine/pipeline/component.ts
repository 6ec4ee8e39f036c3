/** What every part of a pipeline is loaded from and by. */
import type { CancelSignal } from '../core/cancel.ts';
import type { GraphVariant } from '../networks/graph-variant.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import type { Runtime } from './ports.ts';

export interface ComponentContext {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  /** Default: the runtime's own. */
  readonly variant?: GraphVariant | undefined;
  readonly signal?: CancelSignal | undefined;
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
