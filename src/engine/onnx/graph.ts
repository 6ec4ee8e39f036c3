import type { DType } from '../core/dtype.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';

/** A size, or the name of a size known when the session runs ('batch'). */
export type Dimension = number | string;

export type Shape = readonly Dimension[];

/** A tensor inside a graph: the output of a node, an input or an initializer. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] };

export interface Node {
  readonly name: string;
  /** The operator's spec name: 'Conv', 'MultiHeadAttention'. */
  readonly operator: string;
  /** '' for ONNX' own operators, 'com.microsoft' for ONNX Runtime's. */
  readonly domain: string;
  /** Values read; undefined where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/**
 * Where an initializer's values come from.
 * - inline: written into the model itself; for constants of a few kilobytes.
 * - checkpoint: bytes of a checkpoint tensor, referenced where the runtime can take them, else copied.
 *   `shape` of the value may differ from the entry's as long as the element count is the same.
 * - derived: computed from checkpoint tensors while loading (concatenated QKV, a merged LoRA, a transpose).
 */
export type TensorSource =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'checkpoint'; readonly entry: TensorEntry }
  | {
      readonly kind: 'derived';
      readonly inputs: readonly TensorEntry[];
      /** Pure; row-major float32 in and out, one input tensor per entry. */
      derive(inputs: readonly Float32Array[]): Float32Array;
    };

export interface Initializer {
  readonly value: Value;
  readonly source: TensorSource;
}

/** A network as data: what a builder makes, the text printer prints and the serializer writes. */
export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly initializers: readonly Initializer[];
  /** In an order in which every value is made before it is read. */
  readonly nodes: readonly Node[];
}
