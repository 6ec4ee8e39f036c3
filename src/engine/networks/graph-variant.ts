import type { FloatDType } from '../core/dtype.ts';
import type { AttentionVariant } from '../onnx/ops/attention.ts';

/** How a graph is shaped for the backend it meets; chosen by the numerical self-test, recorded with results. */
export interface GraphVariant {
  readonly attention: AttentionVariant;
  /**
   * Bytes that the scores of one chunk of queries may take where attention isn't fused. Small enough and they never
   * leave the processor's cache. Default: 32 MiB decomposed, 16 MiB blocked.
   */
  readonly scoreBytes?: number;
  /** Type the network computes in. Inputs and outputs of every graph are float32 regardless. */
  readonly dtype: FloatDType;
}
