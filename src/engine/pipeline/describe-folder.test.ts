/** A folder is described from its configs, whatever they say: a size that can be drawn, or an error that names a field. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, changed, changesOf } from '../../testing/changed-config.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { referenceDirectory } from '../../testing/reference-case.ts';
import { EngineError } from '../core/errors.ts';
import { longestSide } from './assert-request.ts';
import { describeFolder } from './describe-folder.ts';

const configOf = (path: string): Config =>
  JSON.parse(readFileSync(`${referenceDirectory}/e2e/${path}`, 'utf8'));
const undamaged = {
  'model_index.json': { _class_name: 'StableDiffusionPipeline' } as Config,
  'unet/config.json': configOf('unet/config.json'),
  'vae/config.json': configOf('vae/config.json'),
};
type Configs = Partial<Readonly<Record<keyof typeof undamaged, Config>>>;

/** @param more other files: an 'unet/model.onnx' makes it a ready ONNX pipeline */
function describeConfigs(configs: Configs, more: Readonly<Record<string, string | Uint8Array>> = {}) {
  const all = Object.entries({ ...undamaged, ...configs });
  const texts = Object.fromEntries(all.map(([path, config]) => [path, JSON.stringify(config)]));
  return describeFolder(new MemoryFiles({ ...texts, ...more }));
}

const withSampleSize = (sample_size: unknown) => ({
  'unet/config.json': { ...undamaged['unet/config.json'], sample_size },
});

describe('the size that a network was trained for', () => {
  const scaleFactor = 2 ** ((undamaged['vae/config.json'].block_out_channels as number[]).length - 1);

  it.each([
    [8, [8, 8]],
    [1, [1, 1]],
    [
      [8, 16],
      [16, 8],
    ],
    [null, [64, 64]],
    [longestSide / scaleFactor, [longestSide / scaleFactor, longestSide / scaleFactor]],
  ])('sample_size %j', async (sampleSize, latents) => {
    const { sizes } = await describeConfigs(withSampleSize(sampleSize));
    expect(sizes).toEqual([latents.map((side) => side * scaleFactor)]);
  });

  const impossible = [
    1e6,
    0,
    -1,
    0.5,
    1e300,
    longestSide / scaleFactor + 1,
    '64',
    true,
    [8],
    [8, 0],
    [8, 8, 8],
    {},
  ];
  it.each(impossible.map((sampleSize) => ({ sampleSize })))(
    '$sampleSize is refused by name',
    async ({ sampleSize }) => {
      for (const more of [{}, { 'unet/model.onnx': '' }] as Record<string, string>[]) {
        await expect(describeConfigs(withSampleSize(sampleSize), more)).rejects.toMatchObject({
          code: 'config-invalid',
          subject: 'sample_size',
        });
      }
    },
  );
});

it('a config that is no page of text is refused, and not read', async () => {
  for (const path of Object.keys(undamaged)) {
    const files = { [path]: new Uint8Array(10 * 2 ** 20 + 1).fill(0x20) };
    await expect(describeConfigs({}, files)).rejects.toMatchObject({
      code: 'file-malformed',
      subject: path,
      message: expect.stringContaining('too large'),
    });
  }
});

/** A description takes a millisecond on an idle machine. */
const slowMs = 2000;

it.each(Object.keys(undamaged) as (keyof typeof undamaged)[])('takes or refuses any %s', async (path) => {
  const outcomes = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(changesOf({ sample_size: 8, ...undamaged[path] }), async (changes) => {
      const begun = performance.now();
      try {
        const { sizes } = await describeConfigs({ [path]: changed(undamaged[path], changes) });
        for (const side of sizes.flat()) {
          expect(Number.isInteger(side) && side >= 1 && side <= longestSide).toBe(true);
        }
        outcomes.taken += 1;
      } catch (thrown) {
        if (!(thrown instanceof EngineError)) throw thrown;
        expect(thrown.code).toMatch(/^(config-|file-)/);
        outcomes.refused += 1;
      }
      expect(performance.now() - begun).toBeLessThan(slowMs);
    }),
    { numRuns: 300 },
  );
  expect(outcomes.taken).toBeGreaterThan(0);
  // Nothing in the index but the class is looked at, which may be any.
  if (path !== 'model_index.json') expect(outcomes.refused).toBeGreaterThan(0);
});
