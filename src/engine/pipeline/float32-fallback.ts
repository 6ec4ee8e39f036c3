/** A stage that float16 is too narrow for is loaded again in float32, run again, and stays so. */
import type { FloatDType } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import type { Component } from './component.ts';

export interface Float32FallbackOptions<Loaded extends Component> {
  /** For the reader: 'network'. */
  readonly stage: string;
  /** What it should compute in. */
  readonly wanted: FloatDType;
  /** What it begins with: `wanted`, or 'f32' where `wanted` is known to be too narrow. */
  readonly dtype: FloatDType;
  readonly load: (dtype: FloatDType) => Promise<Loaded>;
  /** Told once, before the component is loaded again. */
  readonly onFloat32: () => void;
}

/** A component, and its successor in float32 once an output wasn't finite; never holds both. */
export class Float32Fallback<Loaded extends Component> implements Component {
  readonly stage: string;
  readonly #options: Float32FallbackOptions<Loaded>;
  #dtype: FloatDType;
  #loading: Promise<Loaded> | undefined;

  constructor(options: Float32FallbackOptions<Loaded>) {
    this.stage = options.stage;
    this.#options = options;
    this.#dtype = options.dtype;
  }

  /** Whether it computes in float32 although float16 was wanted. */
  get inFloat32(): boolean {
    return this.#dtype !== this.#options.wanted;
  }

  /** What it computes in. */
  get dtype(): FloatDType {
    return this.#dtype;
  }

  /** Whether it is loaded, or being loaded. */
  get isLoaded(): boolean {
    return this.#loading !== undefined;
  }

  /** The component that runs now; loaded if it isn't, or if loading failed before. @throws as the load */
  component(): Promise<Loaded> {
    if (this.#loading) return this.#loading;
    const loading = this.#options.load(this.#dtype);
    this.#loading = loading;
    loading.catch(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    return loading;
  }

  /**
   * Runs the stage; again in float32, when float16 gives a value that is no number.
   * @param valuesOf the arrays of a result that must be finite
   * @throws EngineError 'non-finite' in float32, and what loading and running throw
   */
  async run<Result>(
    evaluate: (component: Loaded) => Promise<Result>,
    valuesOf: (result: Result) => readonly Float32Array[],
  ): Promise<Result> {
    const result = await evaluate(await this.component());
    const found = valuesOf(result)
      .map(firstNonFinite)
      .find((value) => value !== undefined);
    if (found === undefined) return result;
    if (this.#dtype === 'f32') throw nonFinite(this.stage, found);
    this.#options.onFloat32();
    await this.dispose();
    this.#dtype = 'f32';
    return this.run(evaluate, valuesOf);
  }

  /** It loads again when it is next run. */
  async dispose(): Promise<void> {
    const loading = this.#loading;
    this.#loading = undefined;
    const component = await loading?.catch(() => undefined);
    await component?.dispose();
  }
}

function firstNonFinite(values: Float32Array): number | undefined {
  for (const value of values) if (!Number.isFinite(value)) return value;
  return undefined;
}

function nonFinite(stage: string, found: number): EngineError {
  return new EngineError('non-finite', `The ${stage} gave a value that is no number.`, {
    subject: `output of the ${stage}`,
    found: `${found}`,
    wanted: 'finite numbers',
    remedy:
      'Lower the guidance scale, or choose other weights: in float32 they give no finite result either.',
  });
}
