import type { FloatDType } from '../core/dtype.ts';

/** How a graph is shaped for the backend it meets; chosen by the numerical self-test, recorded with results. */
export interface GraphVariant {
  /** 'fused': com.microsoft MultiHeadAttention; 'decomposed': products and softmax, in query chunks. */
  readonly attention: 'fused' | 'decomposed';
  /**
   * Decomposed attention: bytes that the scores of one chunk of queries may take. Small enough and they never
   * leave the processor's cache. Default: WebGPU's limit of one storage binding.
   */
  readonly scoreBytes?: number;
  /** Type the network computes in. Inputs and outputs of every graph are float32 regardless. */
  readonly dtype: FloatDType;
}
