/**
 * Collects a graph node by node. Operators live in ops/ as free functions over a builder; networks name their
 * modules with `scope`, so that every node carries the checkpoint's module path.
 */
import type { DType, FloatDType } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import { type ConstantDType, encodeConstant } from './constant-data.ts';
import { formatShape, sameShape } from './dimension.ts';
import type { Attribute, Graph, Initializer, Node, Shape, TensorSource, Value } from './graph.ts';

/** Gelu and the Resize that we use came with 20; both web backends run it. */
const opset = 20;

export interface GraphBuilderOptions {
  readonly name: string;
  /** Type of parameters, float constants and everything computed. */
  readonly dtype: FloatDType;
}

export interface NodeDefinition {
  readonly operator: string;
  /** Default: ONNX' own operators. */
  readonly domain?: 'com.microsoft';
  readonly inputs: readonly (Value | undefined)[];
  /** Type and shape of each output. */
  readonly outputs: readonly Pick<Value, 'dtype' | 'shape'>[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export class GraphBuilder {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #usedNames = new Set<string>();
  /** Name by type, shape and content. */
  readonly #constants = new Map<string, string>();
  #path = '';

  constructor({ name, dtype }: GraphBuilderOptions) {
    this.name = name;
    this.dtype = dtype;
  }

  /** The module path that nodes are named by right now: 'down_blocks.0.resnets.1'. */
  get path(): string {
    return this.#path;
  }

  /** Runs `build` with `path` appended to the module path. */
  scope<Result>(path: string, build: () => Result): Result {
    const outer = this.#path;
    this.#path = outer ? `${outer}.${path}` : path;
    try {
      return build();
    } finally {
      this.#path = outer;
    }
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    const value = { name: this.#claim(name), dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** A float32 graph input, as the compute type. */
  floatInput(name: string, shape: Shape): Value {
    return this.cast(this.input(name, 'f32', shape), this.dtype);
  }

  /** Makes a value a graph output under `name`; float16 leaves as float32. */
  output(value: Value, name: string): void {
    const dtype = value.dtype === 'f16' ? 'f32' : value.dtype;
    const output = { name: this.#claim(name), dtype, shape: value.shape };
    const cast = dtype !== value.dtype;
    this.#nodes.push({
      name: this.#claim(`${name}/output`),
      operator: cast ? 'Cast' : 'Identity',
      domain: '',
      inputs: [value],
      outputs: [output],
      attributes: cast ? { to: { kind: 'int', value: onnxFloatTypes.f32 } } : {},
    });
    this.#outputs.push(output);
  }

  /** A float constant, in the compute type unless told; for the few numbers that aren't in the checkpoint. */
  constant(
    values: ArrayLike<number>,
    shape: readonly number[] = [values.length],
    dtype: FloatDType = this.dtype,
  ): Value {
    return this.#constant(dtype, values, shape);
  }

  /** A one-dimensional int64 constant: shapes, axes, bounds. */
  integers(values: readonly number[]): Value {
    return this.#constant('i64', values, [values.length]);
  }

  /**
   * A checkpoint tensor in the compute type.
   * @param shape another shape of the same element count, for a view
   */
  parameter(entry: TensorEntry, shape: readonly number[] = entry.shape): Value {
    if (elementCount(shape) !== elementCount(entry.shape)) {
      throw this.invalid('parameter', `${entry.name} as ${formatShape(shape)}`, formatShape(entry.shape));
    }
    const view = sameShape(shape, entry.shape) ? '' : `:${shape.join('x')}`;
    return this.#initializer(`${entry.name}${view}`, shape, { kind: 'checkpoint', entry });
  }

  /** Values computed from checkpoint tensors while loading; `name` identifies them. */
  derivedParameter(
    name: string,
    shape: readonly number[],
    inputs: readonly TensorEntry[],
    derive: (inputs: readonly Float32Array[]) => Float32Array,
  ): Value {
    return this.#initializer(name, shape, { kind: 'derived', inputs, derive });
  }

  /** Appends a node and returns its outputs. */
  node({ operator, domain, inputs, outputs, attributes = {} }: NodeDefinition): Value[] {
    const name = this.#claimNumbered(this.#path ? `${this.#path}/${operator}` : operator);
    const values = outputs.map(({ dtype, shape }, i) => ({
      name: i === 0 ? name : `${name}:${i}`,
      dtype,
      shape,
    }));
    this.#nodes.push({ name, operator, domain: domain ?? '', inputs, outputs: values, attributes });
    return values;
  }

  /** {@link node} for the usual case of one output, of the first input's dtype. */
  apply(definition: Omit<NodeDefinition, 'outputs'>, shape: Shape, dtype?: DType): Value {
    const outputs = [{ dtype: dtype ?? definition.inputs[0]!.dtype, shape }];
    return this.node({ ...definition, outputs })[0]!;
  }

  /** The error for a rule broken at the current module path. */
  invalid(operator: string, found: string, wanted: string): EngineError {
    const subject = this.#path ? `${this.#path}/${operator}` : operator;
    return new EngineError('graph-invalid', `${subject} of ${this.name}: found ${found}, wanted ${wanted}.`, {
      subject,
      found,
      wanted,
    });
  }

  build(): Graph {
    return {
      name: this.name,
      opset,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      initializers: [...this.#initializers.values()],
      nodes: [...this.#nodes],
    };
  }

  /** A value in another float type; itself where it has it already. */
  cast(value: Value, dtype: FloatDType): Value {
    if (value.dtype === dtype) return value;
    const attributes = { to: { kind: 'int', value: onnxFloatTypes[dtype] } } as const;
    return this.apply({ operator: 'Cast', inputs: [value], attributes }, value.shape, dtype);
  }

  #constant(dtype: ConstantDType, values: ArrayLike<number>, shape: readonly number[]): Value {
    if (values.length !== elementCount(shape)) {
      throw this.invalid('constant', `${values.length} values`, formatShape(shape));
    }
    const content = `${dtype}${formatShape(shape)}${values.length <= maximumSharedValues ? Array.from(values).join() : this.#constants.size}`;
    const name = this.#constants.get(content) ?? `constant.${this.#constants.size}`;
    this.#constants.set(content, name);
    return this.#initializer(name, shape, { kind: 'inline', bytes: encodeConstant(dtype, values) }, dtype);
  }

  /** One initializer per name: the same tensor or constant used twice is stored once. */
  #initializer(
    name: string,
    shape: readonly number[],
    source: TensorSource,
    dtype: DType = this.dtype,
  ): Value {
    const known = this.#initializers.get(name);
    if (known) return known.value;
    const value = { name: this.#claim(name), dtype, shape };
    this.#initializers.set(name, { value, source });
    return value;
  }

  #claim(name: string): string {
    if (this.#usedNames.has(name)) throw this.invalid('name', `a second value '${name}'`, 'unique names');
    this.#usedNames.add(name);
    return name;
  }

  #claimNumbered(name: string): string {
    let candidate = name;
    for (let i = 2; this.#usedNames.has(candidate); i++) candidate = `${name}_${i}`;
    return this.#claim(candidate);
  }
}

/** ONNX' numbers for the float types, as the Cast operator wants them. */
const onnxFloatTypes = { f32: 1, f16: 10 } as const;

/** Constants up to this size are compared by value, so that equal ones are stored once. */
const maximumSharedValues = 64;
