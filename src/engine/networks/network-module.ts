/** A module of a checkpoint while its graph is built: it names nodes and finds parameters under its path. */
import { EngineError } from '../core/errors.ts';
import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';

/** A checkpoint's tensors by name; a Checkpoint's `tensors` is one. */
export type TensorIndex = Pick<ReadonlyMap<string, TensorEntry>, 'get' | 'has'>;

export class NetworkModule {
  readonly graph: GraphBuilder;
  readonly #tensors: TensorIndex;
  readonly #path: string;

  constructor(graph: GraphBuilder, tensors: TensorIndex, path = '') {
    this.graph = graph;
    this.#tensors = tensors;
    this.#path = path;
  }

  /** Builds the child module `path` ('resnets.0'). */
  child<Result>(path: string, build: (child: NetworkModule) => Result): Result {
    return this.graph.scope(path, () =>
      build(new NetworkModule(this.graph, this.#tensors, this.#fullName(path))),
    );
  }

  has(name: string): boolean {
    return this.#tensors.has(this.#fullName(name));
  }

  /**
   * A tensor of this module.
   * @param shape what the config implies
   * @param view another shape to see it in
   * @throws EngineError 'tensor-missing' | 'tensor-mismatch'
   */
  parameter(name: string, shape: readonly number[], view: readonly number[] = shape): Value {
    return this.graph.parameter(this.#entry(name, [shape]), view);
  }

  /** A [rows, columns] matrix, stored so or as the kernel of a 1x1 convolution, [rows, columns, 1, 1]. */
  matrix(name: string, rows: number, columns: number): Value {
    const entry = this.#entry(name, [
      [rows, columns],
      [rows, columns, 1, 1],
    ]);
    return this.graph.parameter(entry, [rows, columns]);
  }

  /**
   * Rows [begin, end) of a tensor of the given shape: a part of its bytes, so nothing is copied for it.
   * @param view another shape to see them in
   */
  rows(
    name: string,
    shape: readonly number[],
    begin: number,
    end: number,
    view: readonly number[] = [end - begin, ...shape.slice(1)],
  ): Value {
    if (begin === 0 && end === shape[0]) return this.parameter(name, shape, view);
    const entry = this.#entry(name, [shape]);
    const rowBytes = (entry.end - entry.begin) / shape[0]!;
    const rows = {
      ...entry,
      name: `${entry.name}[${begin}:${end}]`,
      shape: [end - begin, ...shape.slice(1)],
      begin: entry.begin + begin * rowBytes,
      end: entry.begin + end * rowBytes,
    };
    return this.graph.parameter(rows, view);
  }

  #fullName(name: string): string {
    return this.#path ? `${this.#path}.${name}` : name;
  }

  #entry(name: string, shapes: readonly (readonly number[])[]): TensorEntry {
    const fullName = this.#fullName(name);
    const entry = this.#tensors.get(fullName);
    const wanted = shapes.map((shape) => `[${shape}]`).join(' or ');
    if (!entry) {
      throw new EngineError('tensor-missing', `The weights lack '${fullName}' ${wanted}.`, {
        subject: fullName,
        found: 'no such tensor',
        wanted,
        remedy: 'Check that the weights belong to the config.json beside them.',
      });
    }
    const found = `[${entry.shape}]`;
    if (!shapes.some((shape) => `[${shape}]` === found)) {
      throw new EngineError(
        'tensor-mismatch',
        `'${fullName}' has shape ${found}, the config wants ${wanted}.`,
        {
          subject: fullName,
          found,
          wanted,
          remedy: 'Check that the weights belong to the config.json beside them.',
        },
      );
    }
    return entry;
  }
}
