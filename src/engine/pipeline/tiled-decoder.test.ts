/** Tiles against the originals' recorded pictures, and against the whole decoder in float16. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import { readReferenceCase, referenceDirectory, relativeError } from '../../testing/reference-case.ts';
import type { FloatDType } from '../core/dtype.ts';
import type { FloatTensor } from '../core/tensor.ts';
import { parseAutoencoderKlConfig } from '../networks/autoencoder-kl/config.ts';
import { FeatureMap } from './feature-map.ts';
import { loadLatentDecoder } from './latent-decoder.ts';
import { toPicture } from './picture.ts';
import type { Runtime } from './ports.ts';
import { levelsWithin, loadTiledDecoder, tilesOf } from './tiled-decoder.ts';

// Many sessions, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createNodeRuntime({ threads: 1 });
});
afterAll(() => runtime.dispose());

async function decodeCase(largestTensorBytes: number, dtype: FloatDType = 'f32') {
  const { files, calls, config } = await readReferenceCase(
    `${referenceDirectory}/vae-tiny-eps`,
    'diffusion_pytorch_model',
  );
  const { inputs, outputs } = calls.find((call) => call.inputs.latents)!;
  const { data, shape } = inputs.latents!;
  const size = { height: shape[2]!, width: shape[3]! };
  const sessions = vi.spyOn(runtime, 'createSession');
  const variant = { ...runtime.variant, dtype };
  const decoder = await loadLatentDecoder({ runtime, files, variant, largestTensorBytes }, '', size);
  const { scalingFactor } = parseAutoencoderKlConfig(config);
  const pictures: FloatTensor[] = [];
  const batch = shape[0]!;
  const length = data.length / batch;
  for (let i = 0; i < batch; i++) {
    const latents = data.slice(i * length, (i + 1) * length).map((value) => value * scalingFactor);
    pictures.push(await decoder.decode(latents));
  }
  await decoder.dispose();
  const sessionCount = sessions.mock.calls.length;
  sessions.mockRestore();
  const found = Float32Array.from(pictures.flatMap((picture) => [...picture.data]));
  return { found, wanted: outputs.sample!.data, pictures, sessionCount };
}

it.each([2_000, 8_000, 16_000])('agrees with the original in tensors of %i bytes', async (limit) => {
  const { found, wanted, sessionCount } = await decodeCase(limit);
  expect(sessionCount).toBeGreaterThan(1);
  // Twice the bar of the whole decoder: one more rounding in every norm.
  expect(relativeError(found, wanted)).toBeLessThan(2e-5);
});

/** Pixels of which some colour is more than a level of 255 apart, as a part of all. */
function pixelsApart(a: readonly FloatTensor[], b: readonly FloatTensor[]): number {
  const [all, others] = [a, b].map((pictures) => pictures.flatMap((picture) => [...toPicture(picture).rgba]));
  const apart = new Set<number>();
  for (const [i, value] of all!.entries()) {
    if (Math.abs(value - others![i]!) > 1) apart.add(Math.floor(i / 4));
  }
  return apart.size / (all!.length / 4);
}

it('is within a level of the whole decoder in 99.9 % of the pixels, in float16', async () => {
  const whole = await decodeCase(Number.POSITIVE_INFINITY, 'f16');
  const tiled = await decodeCase(8_000, 'f16');
  expect(whole.sessionCount).toBe(1);
  expect(tiled.sessionCount).toBeGreaterThan(1);
  expect(pixelsApart(whole.pictures, tiled.pictures)).toBeLessThanOrEqual(1e-3);
  // One colour apart makes one pixel apart.
  const [first, ...rest] = whole.pictures as [FloatTensor, ...FloatTensor[]];
  const changed = { ...first, data: first.data.map((value, i) => (i === 0 ? -value - 1 : value)) };
  const pixels = whole.pictures.reduce((sum, { data }) => sum + data.length / 3, 0);
  expect(pixelsApart(whole.pictures, [changed, ...rest])).toBeCloseTo(1 / pixels, 9);
});

it.each([0, 1])('agrees with the original with %i levels untiled', async (levels) => {
  const { files, calls, config, checkpoint } = await readReferenceCase(
    `${referenceDirectory}/vae-tiny-eps`,
    'diffusion_pytorch_model',
  );
  const { inputs, outputs } = calls.find((call) => call.inputs.latents?.shape[0] === 1)!;
  const latents = inputs.latents!;
  const [, , height, width] = latents.shape as [number, number, number, number];
  const decoder = await loadTiledDecoder(
    { runtime, files },
    checkpoint,
    parseAutoencoderKlConfig(config),
    { height, width },
    { levels, largestTensorBytes: 10_000 },
  );
  const { data } = await decoder.decode(latents);
  await decoder.dispose();
  expect(relativeError(data, outputs.sample!.data)).toBeLessThan(2e-5);
});

it('needs the statistics of the whole picture: tiles of their own would be seen', async () => {
  const { found, wanted } = await decodeCase(16_000);
  const moments = vi
    .spyOn(FeatureMap.prototype, 'moments')
    .mockImplementation((groups) => Array.from({ length: groups }, () => ({ mean: 0, variance: 1 })));
  const wrong = await decodeCase(16_000);
  moments.mockRestore();
  expect(relativeError(found, wanted)).toBeLessThan(2e-5);
  expect(relativeError(wrong.found, wanted)).toBeGreaterThan(1e-2);
});

describe('FeatureMap', () => {
  it.each(['f32', 'f16'] as const)('cuts out and puts back, %s', (dtype) => {
    const values = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i);
    const map = new FeatureMap(dtype, [2, 3, 4], values);
    expect([...map.crop({ top: -1, left: 2, height: 3, width: 3 })]).toEqual([
      0, 0, 0, 2, 3, 0, 6, 7, 0, 0, 0, 0, 14, 15, 0, 18, 19, 0,
    ]);
    map.paste(Float32Array.of(-1, -2, -3, -4), { top: 1, left: 1, height: 1, width: 2 });
    expect([...map.crop({ top: 1, left: 0, height: 1, width: 4 })]).toEqual([4, -1, -2, 7, 16, -3, -4, 19]);
  });

  it.each(['f32', 'f16'] as const)('knows mean and variance of groups of channels, %s', (dtype) => {
    const map = new FeatureMap(dtype, [4, 1, 2], Float32Array.of(1, 1, 3, 3, 0, 0, 0, 8));
    expect(map.moments(2)).toEqual([
      { mean: 2, variance: 1 },
      { mean: 2, variance: 12 },
    ]);
  });
});

describe('tilesOf', () => {
  it.each([
    [{ height: 8, width: 8 }, 1e9, 1],
    [{ height: 8, width: 8 }, 4 * 36, 4],
    [{ height: 7, width: 5 }, 4 * 20, 8],
    [{ height: 3, width: 2 }, 0, 6],
  ])('covers %j with tiles of at most %i bytes', (size, bytes, count) => {
    const tiles = tilesOf(size, 4, bytes);
    const covered = new Set<string>();
    for (const { top, left, height, width } of tiles) {
      for (let y = top; y < top + height; y++)
        for (let x = left; x < left + width; x++) covered.add(`${y},${x}`);
    }
    expect(tiles).toHaveLength(count);
    expect(covered.size).toBe(size.height * size.width);
    if (bytes > 0)
      for (const tile of tiles) expect((tile.height + 2) * (tile.width + 2) * 4).toBeLessThanOrEqual(bytes);
  });
});

it('levelsWithin finds the levels of Stable Diffusion 1 that fit', () => {
  const config = parseAutoencoderKlConfig({
    block_out_channels: [128, 256, 512, 512],
    down_block_types: new Array(4).fill('DownEncoderBlock2D'),
    up_block_types: new Array(4).fill('UpDecoderBlock2D'),
  });
  const size = { height: 64, width: 64 };
  // 128 channels of 512 x 512 in float32
  expect(levelsWithin(config, size, 4, 128 * 2 ** 20)).toBe(4);
  expect(levelsWithin(config, size, 4, 128 * 2 ** 20 - 1)).toBe(1);
  expect(levelsWithin(config, size, 2, 64 * 2 ** 20)).toBe(4);
  expect(levelsWithin(config, size, 4, 32 * 2 ** 20)).toBe(1);
  expect(levelsWithin(config, size, 4, 1)).toBe(0);
});

it('stops between tiles when it is cancelled', async () => {
  const { files, calls, config } = await readReferenceCase(
    `${referenceDirectory}/vae-tiny-eps`,
    'diffusion_pytorch_model',
  );
  const { data, shape } = calls.find((call) => call.inputs.latents?.shape[0] === 1)!.inputs.latents!;
  const decoder = await loadLatentDecoder({ runtime, files, largestTensorBytes: 8_000 }, '', {
    height: shape[2]!,
    width: shape[3]!,
  });
  const signal = { aborted: false };
  const create = runtime.createSession;
  const sessions = vi.spyOn(runtime, 'createSession').mockImplementation(async (...given) => {
    signal.aborted = sessions.mock.calls.length === 2;
    return create(...given);
  });
  await expect(decoder.decode(data, signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(sessions).toHaveBeenCalledTimes(2);
  sessions.mockRestore();
  expect(parseAutoencoderKlConfig(config).latentChannels * shape[2]! * shape[3]!).toBe(data.length);
  await decoder.dispose();
});
