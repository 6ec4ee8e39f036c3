/** Configs with fields changed, taken out or made up, for fuzz tests. */
import fc from 'fast-check';

export type Config = Readonly<Record<string, unknown>>;

/** Of a field: the usual mistakes, sizes that would take forever, and anything that JSON can hold. */
const wrongValue = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e300, '', 'silu', true, false, null),
  fc.constantFrom(
    [],
    [0],
    [1, 1],
    [1e9],
    new Array(1000).fill(2 ** 31),
    new Array(64).fill('CrossAttnDownBlock2D'),
  ),
  fc.array(fc.oneof(fc.nat(64), fc.constantFrom('DownBlock2D', 'UpBlock2D', 'DownEncoderBlock2D')), {
    maxLength: 5,
  }),
  fc.jsonValue(),
);

/** One to three fields with other values; undefined takes one out. */
export const changesOf = (config: Config) =>
  fc.array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(...Object.keys(config)),
        fc.constantFrom('__proto__', 'toString', 'new_field'),
      ),
      fc.oneof({ weight: 4, arbitrary: wrongValue }, { weight: 1, arbitrary: fc.constant(undefined) }),
    ),
    { minLength: 1, maxLength: 3 },
  );

export function changed(config: Config, changes: readonly (readonly [string, unknown])[]): Config {
  // Through JSON, as files come: a missing field, and '__proto__' as a key of its own.
  const entries = [...Object.entries(config), ...changes];
  return JSON.parse(
    `{${entries
      .filter(([name, value], i) => value !== undefined && entries.findLastIndex(([n]) => n === name) === i)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join()}}`,
  );
}
