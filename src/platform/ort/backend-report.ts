/** Which backend runs and why, in the words that the page and every result's record show. */
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import type { BackendName } from '../../engine/pipeline/ports.ts';

/** One numerical check of the self-test. */
export interface SelfTestCheck {
  /** 'conv 3x3', 'fused attention 64x77x16'; float16 ones end in ' f16'. */
  readonly name: string;
  readonly pass: boolean;
  /** Largest absolute error over the largest absolute reference value; NaN when it couldn't run. */
  readonly relativeError: number;
  /** Loading and running the graph that the check is part of; checks of one graph share the number. */
  readonly milliseconds: number;
}

/** Which backend runs and why; part of every result's record. */
export interface BackendReport {
  readonly backend: BackendName;
  readonly variant: GraphVariant;
  /** Adapter or processor in words. */
  readonly device: string;
  /** WASM threads; 0 on WebGPU. */
  readonly threads: number;
  /** A sentence for the reader: 'Fused attention gave wrong numbers here, so attention runs decomposed.' */
  readonly reason: string;
  /** Why a better backend was passed over; '' when none was. */
  readonly fallback: string;
  readonly checks: readonly SelfTestCheck[];
  readonly runtimeVersion: string;
}
