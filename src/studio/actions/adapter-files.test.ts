import { expect, it } from 'vitest';
import { adapterFiles } from './adapter-files.ts';

/** Names of an adapter's files: weights or index, config, shards. */
function grouped(...names: readonly string[]) {
  const files = names.map((name) => new File([], name));
  return adapterFiles(files).map(({ file, config, shards }) => [
    file.name,
    ...(config ? [config.name] : []),
    ...(shards ?? []).map(({ name }) => name),
  ]);
}

const weights = 'adapter_model.safetensors';
const config = 'adapter_config.json';
const shards = ['u-00001-of-00002.safetensors', 'u-00002-of-00002.safetensors'];

it.each<[string, string[], string[][]]>([
  ['weights alone', [weights], [[weights]]],
  ['weights with their config', [config, weights], [[weights, config]]],
  ['weights of any name with any config', ['a (1).safetensors', 'b.json'], [['a (1).safetensors', 'b.json']]],
  [
    'two of PEFT, numbered by a browser',
    [weights, 'adapter_config (1).json', 'adapter_model (1).safetensors', config],
    [
      [weights, config],
      ['adapter_model (1).safetensors', 'adapter_config (1).json'],
    ],
  ],
  ['one of PEFT among others', ['a.safetensors', weights, config], [['a.safetensors'], [weights, config]]],
  [
    'a config that could be of either',
    ['a.safetensors', 'b.safetensors', config],
    [['a.safetensors'], ['b.safetensors'], [config]],
  ],
  ['a config alone', [config], [[config]]],
  ['a U-Net with its own config', ['u.safetensors', 'config.json'], [['u.safetensors']]],
  [
    'a U-Net in several files',
    [...shards, 'config.json', 'u.safetensors.index.json'],
    [['u.safetensors.index.json', ...shards]],
  ],
  ['shards without an index', shards, shards.map((name) => [name])],
])('%s', (_, names, groups) => {
  expect(grouped(...names)).toEqual(groups);
});
