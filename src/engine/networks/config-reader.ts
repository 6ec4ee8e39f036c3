/**
 * Reads a network's config.json field by field. Every field is either understood, known to have no effect on
 * the outputs, or refused by name: nothing that a config asks for is ignored.
 */
import { EngineError } from '../core/errors.ts';

export interface IntegerRange {
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * Of layers one after another. Builders count through them, so that a config of a line could ask for minutes; the
 * deepest published networks of these classes have 32 (OpenCLIP bigG's text encoder) and 10 (SDXL's transformers).
 */
export const depth: IntegerRange = { maximum: 256 };

/** Of a list with a value per level: each level halves the picture's sides, and published networks have 3 to 6. */
const mostLevels = 16;

export class ConfigReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #network: string;
  readonly #known = new Set<string>();

  /**
   * @param json the parsed config.json
   * @param network the class name, for messages: 'UNet2DConditionModel'
   * @throws EngineError 'config-invalid' when `json` is no object
   */
  constructor(json: unknown, network: string) {
    this.#network = network;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw this.invalid('config.json', json, 'a JSON object');
    }
    this.#fields = json as Record<string, unknown>;
  }

  /** The raw value; undefined and null alike mean that the field isn't set. */
  value(field: string): unknown {
    this.#known.add(field);
    return this.#fields[field] ?? undefined;
  }

  integer(field: string, fallback: number | undefined, range: IntegerRange = {}): number {
    return this.#integer(field, this.value(field) ?? fallback, range);
  }

  optionalInteger(field: string, range: IntegerRange = {}): number | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : this.#integer(field, value, range);
  }

  /** A finite number greater than `above`. */
  number(field: string, fallback: number, above = Number.NEGATIVE_INFINITY): number {
    const value = this.value(field) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= above) {
      throw this.invalid(
        field,
        value,
        above === Number.NEGATIVE_INFINITY ? 'a number' : `a number above ${above}`,
      );
    }
    return value;
  }

  boolean(field: string, fallback: boolean): boolean {
    return this.#boolean(field, this.value(field) ?? fallback);
  }

  /** One of the names we can honour. @throws EngineError 'config-unsupported' for another name */
  choice<Name extends string>(field: string, names: readonly Name[], fallback?: NoInfer<Name>): Name {
    return this.#choice(field, this.value(field) ?? fallback, names);
  }

  optionalChoice<Name extends string>(field: string, names: readonly Name[]): Name | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : this.#choice(field, value, names);
  }

  integers(field: string, fallback: readonly number[] | undefined, range: IntegerRange = {}): number[] {
    return this.#list(field, fallback, 'whole numbers').map((item) => this.#integer(field, item, range));
  }

  choices<Name extends string>(
    field: string,
    names: readonly Name[],
    fallback?: readonly NoInfer<Name>[],
  ): Name[] {
    return this.#list(field, fallback, 'names').map((item) => this.#choice(field, item, names));
  }

  /** A whole number for all levels, or a list with one per level. */
  integerPerLevel(field: string, fallback: number, levels: number, range: IntegerRange = {}): number[] {
    return this.#perLevel(field, fallback, levels, (value) => this.#integer(field, value, range));
  }

  booleanPerLevel(field: string, fallback: boolean, levels: number): boolean[] {
    return this.#perLevel(field, fallback, levels, (value) => this.#boolean(field, value));
  }

  /** @throws EngineError 'config-unsupported' unless the field is unset or has the one value that we honour */
  refuseUnless(field: string, neutral: string | number | boolean | null): void {
    const value = this.value(field);
    if (value === undefined || value === neutral) return;
    throw this.unsupported(field, value, neutral === null ? 'null' : JSON.stringify(neutral));
  }

  /** Fields that don't change the network's outputs. */
  ignore(...fields: readonly string[]): void {
    for (const field of fields) this.#known.add(field);
  }

  /**
   * Refuses fields that nobody asked for; to be called last. Names beginning with _ are the writers' notes, and
   * null or false asks for nothing.
   * @throws EngineError 'config-unsupported'
   */
  finish(): void {
    for (const [field, value] of Object.entries(this.#fields)) {
      if (this.#known.has(field) || field.startsWith('_') || value === null || value === false) continue;
      throw this.unsupported(field, value, 'no such field');
    }
  }

  unsupported(field: string, found: unknown, wanted: string): EngineError {
    return this.#error('config-unsupported', field, found, wanted, 'Use a model without this option.');
  }

  invalid(field: string, found: unknown, wanted: string): EngineError {
    return this.#error(
      'config-invalid',
      field,
      found,
      wanted,
      'Check config.json against the original model.',
    );
  }

  #error(
    code: 'config-invalid' | 'config-unsupported',
    field: string,
    found: unknown,
    wanted: string,
    remedy: string,
  ): EngineError {
    const text = JSON.stringify(found) ?? 'nothing';
    const shown = text.length > 100 ? `${text.slice(0, 97)}...` : text;
    return new EngineError(code, `${this.#network} config: ${field} is ${shown}, wanted ${wanted}.`, {
      subject: field,
      found: shown,
      wanted,
      remedy,
    });
  }

  #list(field: string, fallback: readonly unknown[] | undefined, what: string): readonly unknown[] {
    const value = this.value(field) ?? fallback;
    if (Array.isArray(value) && value.length > 0 && value.length <= mostLevels) return value;
    throw this.invalid(field, value, `a list of 1 to ${mostLevels} ${what}`);
  }

  #integer(field: string, value: unknown, { minimum = 1, maximum = 2 ** 31 }: IntegerRange): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum)
      return value;
    throw this.invalid(field, value, `a whole number from ${minimum} to ${maximum}`);
  }

  #boolean(field: string, value: unknown): boolean {
    if (typeof value === 'boolean') return value;
    throw this.invalid(field, value, 'true or false');
  }

  #choice<Name extends string>(field: string, value: unknown, names: readonly Name[]): Name {
    const name = names.find((candidate) => candidate === value);
    if (name !== undefined) return name;
    const wanted = names.join(' or ');
    throw typeof value === 'string'
      ? this.unsupported(field, value, wanted)
      : this.invalid(field, value, wanted);
  }

  #perLevel<Value>(field: string, fallback: Value, levels: number, read: (value: unknown) => Value): Value[] {
    const value = this.value(field) ?? fallback;
    if (!Array.isArray(value)) return new Array<Value>(levels).fill(read(value));
    if (value.length !== levels) throw this.invalid(field, value, `${levels} values, one per level`);
    return value.map(read);
  }
}
