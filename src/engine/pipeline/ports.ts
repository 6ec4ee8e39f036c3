/** What the pipeline asks of the outside world. Implementations: src/platform. */
import type { CancelSignal } from '../core/cancel.ts';
import type { FloatTensor, Tensor } from '../core/tensor.ts';
import type { GraphVariant } from '../networks/graph-variant.ts';
import type { Graph } from '../onnx/graph.ts';
import type { ModelFiles } from '../weights/model-files.ts';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

export interface RuntimeCapabilities {
  readonly backend: BackendName;
  /** Whether graphs may compute in float16. */
  readonly float16: boolean;
  /** Threads of a CPU backend; 0 on a GPU. */
  readonly threads: number;
  /** Adapter or processor in words, for the reader. */
  readonly device: string;
  /** Bytes that one tensor of a run may take; a decoder whose tensors are larger works in tiles. */
  readonly largestTensorBytes: number;
  /** Whether sessions made with `outputs: 'kept'` can leave their outputs where the backend computes. */
  readonly keepsTensors?: boolean;
}

export interface SessionOptions {
  readonly signal?: CancelSignal | undefined;
  /** Sizes for symbolic dimensions that stay the same in every run, so that the runtime can plan for them. */
  readonly dimensions?: Readonly<Record<string, number>> | undefined;
  /**
   * 'copied': the graph's tensors are copied out of their files, for a graph that uses little of them. Default: the
   * files are mounted where their bytes can be used as they lie.
   */
  readonly weights?: 'mounted' | 'copied' | undefined;
  /** 'kept': the session is run by `keep`, too; for backends that can. */
  readonly outputs?: 'kept' | undefined;
}

/** A tensor in the backend's own memory, for sessions of the runtime that made it. Whoever has it disposes it. */
export interface KeptTensor {
  readonly kept: true;
  readonly shape: readonly number[];
  dispose(): void;
}

export type Feeds = Readonly<Record<string, Tensor | KeptTensor>>;

/** Runs graphs. One suite of parity tests runs over every implementation. */
export interface Runtime {
  readonly capabilities: RuntimeCapabilities;
  /** The graph variant that the self-test found right on this backend. */
  readonly variant: GraphVariant;
  /**
   * Loads a graph whose initializers lie in `files`.
   * @throws EngineError 'backend-failed' | 'backend-lost' | 'worker-lost' | 'out-of-memory' | 'model-too-large' |
   *   'aborted' | 'graph-invalid' |
   *   what `files` throws
   */
  createSession(graph: Graph, files: ModelFiles, options?: SessionOptions): Promise<Session>;
  /**
   * Loads an ONNX file that another program exported, its external data beside it; missing where the runtime can't.
   * @throws EngineError as `createSession`
   */
  openExported?(files: ModelFiles, path: string, signal?: CancelSignal): Promise<ExportedSession>;
  /** Disposes every session and the device. */
  dispose(): Promise<void>;
}

/** An input of an exported model, as the exporter left it. */
export interface ExportedInput {
  readonly name: string;
  readonly dtype: Tensor['dtype'];
  /** null: any size. */
  readonly shape: readonly (number | null)[];
}

/** A loaded model that another program exported. The caller disposes it. */
export interface ExportedSession {
  readonly inputs: readonly ExportedInput[];
  /** Names, in the exporter's order. */
  readonly outputs: readonly string[];
  /** @throws EngineError as `Session.run` */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, FloatTensor>>;
  dispose(): Promise<void>;
}

/** A loaded graph. The caller disposes it. Runs don't overlap: callers await one before the next. */
export interface Session {
  /**
   * @param feeds one tensor per graph input, float32 or integer as the graph says; not kept afterwards
   * @returns one tensor per graph output, owned by the caller
   * @throws EngineError 'backend-failed' | 'backend-lost' | 'worker-lost' | 'out-of-memory'. A run can't be interrupted.
   */
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  /** As `run`, but the outputs stay with the backend; only with `outputs: 'kept'`. */
  keep?(feeds: Feeds): Promise<Record<string, KeptTensor>>;
  dispose(): Promise<void>;
}

/** Monotonic time in milliseconds. */
export type Clock = () => number;
