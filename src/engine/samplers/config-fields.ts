/** Typed reading of a scheduler_config.json: what is absent takes the class's default, what is wrong is named. */
import { EngineError } from '../core/errors.ts';

export type SchedulerConfig = Readonly<Record<string, unknown>>;

interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly whole?: boolean;
}

/** The fields of one config, read by name. Every method throws EngineError 'config-invalid' for a wrong type. */
export class ConfigFields {
  private readonly config: SchedulerConfig;
  private readonly className: string;

  constructor(config: SchedulerConfig, className: string) {
    this.config = config;
    this.className = className;
  }

  number(name: string, fallback: number, range: NumberRange = {}): number {
    const value = this.optionalNumber(name, range);
    if (value === undefined && this.config[name] === null) throw this.invalid(name, describeRange(range));
    return value ?? fallback;
  }

  /** null and absent are undefined. */
  optionalNumber(name: string, range: NumberRange = {}): number | undefined {
    const value = this.config[name];
    if (value === undefined || value === null) return undefined;
    const number = typeof value === 'string' ? pythonNumbers[value] : value;
    const { minimum = -Infinity, maximum = Infinity, whole = false } = range;
    const fits = typeof number === 'number' && number >= minimum && number <= maximum;
    if (!fits || (whole && !Number.isInteger(number))) throw this.invalid(name, describeRange(range));
    return number;
  }

  /** null is false, as in Python. */
  boolean(name: string, fallback: boolean): boolean {
    const value = this.config[name];
    if (value === undefined) return fallback;
    if (value === null) return false;
    if (typeof value !== 'boolean') throw this.invalid(name, 'true or false');
    return value;
  }

  /**
   * One of `options`, by their names in the file.
   * @throws EngineError 'config-unsupported' for another text
   */
  choice<Value extends string>(name: string, fallback: Value, options: readonly Value[]): Value {
    const value = this.config[name];
    if (value === undefined) return fallback;
    if (typeof value !== 'string') throw this.invalid(name, options.join(' | '));
    const option = options.find((candidate) => candidate === value);
    if (option === undefined) throw this.unsupported(name, options.join(' | '));
    return option;
  }

  /** undefined for null and absent. */
  optionalNumbers(name: string): readonly number[] | undefined {
    const value = this.config[name];
    if (value === undefined || value === null) return undefined;
    const isNumbers = Array.isArray(value) && value.every((item) => Number.isFinite(item));
    if (!isNumbers) throw this.invalid(name, 'a list of numbers');
    return value as number[];
  }

  /**
   * Fields that ask for what no sampler here does, unless they are null, false or absent.
   * @throws EngineError 'config-unsupported'
   */
  refuse(...names: readonly string[]): void {
    for (const name of names) {
      const value = this.config[name];
      if (value !== undefined && value !== null && value !== false)
        throw this.unsupported(name, 'null or false');
    }
  }

  invalid(name: string, wanted: string): EngineError {
    return this.error('config-invalid', name, wanted, 'is not what the field means');
  }

  unsupported(name: string, wanted: string, remedy?: string): EngineError {
    return this.error('config-unsupported', name, wanted, "isn't supported", remedy);
  }

  private error(
    code: 'config-invalid' | 'config-unsupported',
    name: string,
    wanted: string,
    problem: string,
    remedy = 'Choose another sampler for this model, or correct scheduler_config.json.',
  ): EngineError {
    const found = JSON.stringify(this.config[name]) ?? 'nothing';
    const message = `${this.className}: ${name} = ${found.slice(0, 60)} ${problem}.`;
    return new EngineError(code, message, { subject: name, found: found.slice(0, 200), wanted, remedy });
  }
}

/** Numbers that Python writes into JSON and JSON can't hold; some files have them as text. */
const pythonNumbers: Readonly<Record<string, number>> = {
  '-Infinity': -Infinity,
  '-inf': -Infinity,
  Infinity: Infinity,
  inf: Infinity,
};

function describeRange({ minimum, maximum, whole = false }: NumberRange): string {
  const kind = whole ? 'a whole number' : 'a number';
  if (minimum === undefined && maximum === undefined) return kind;
  if (maximum === undefined) return `${kind}, at least ${minimum}`;
  if (minimum === undefined) return `${kind}, at most ${maximum}`;
  return `${kind} from ${minimum} to ${maximum}`;
}
