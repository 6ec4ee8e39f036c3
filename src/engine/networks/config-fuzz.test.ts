/**
 * Configs with fields changed, taken out or made up: a graph, or an EngineError that names something; never a hang.
 * Each is built over its network's real tensors, so that what a parser lets through is met by the builder.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { type Config, changed, changesOf } from '../../testing/changed-config.ts';
import { referenceDirectory } from '../../testing/reference-case.ts';
import { EngineError } from '../core/errors.ts';
import { createSampler, parseSchedulerConfig } from '../samplers/scheduler-config.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { buildAutoencoderKlDecoder } from './autoencoder-kl/build.ts';
import { parseAutoencoderKlConfig } from './autoencoder-kl/config.ts';
import { decoderStages } from './autoencoder-kl/decoder-stages.ts';
import { buildAutoencoderTinyDecoder } from './autoencoder-tiny/build.ts';
import { parseAutoencoderTinyConfig } from './autoencoder-tiny/config.ts';
import { buildClipTextModel } from './clip-text/build.ts';
import { parseClipTextConfig } from './clip-text/config.ts';
import type { TensorIndex } from './network-module.ts';
import { buildUNet2DConditionModel } from './unet-2d-condition/build.ts';
import { parseUNet2DConditionConfig } from './unet-2d-condition/config.ts';

vi.setConfig({ testTimeout: 120_000 });

const variant = { attention: 'decomposed', dtype: 'f32' } as const;
const size = { variant, height: 8, width: 8 };

interface Network {
  readonly folder: string;
  readonly stem?: string;
  use(config: Config, tensors: TensorIndex): unknown;
}

const networks: Readonly<Record<string, Network>> = {
  'clip-text': {
    folder: 'clip-tiny',
    stem: 'model',
    use: (config, tensors) =>
      buildClipTextModel(parseClipTextConfig(config), tensors, {
        variant,
        length: 77,
        outputs: ['last_hidden_state'],
      }),
  },
  'unet-2d-condition': {
    folder: 'unet-tiny-sdturbo',
    use: (config, tensors) =>
      buildUNet2DConditionModel(parseUNet2DConditionConfig(config), tensors, { ...size, textLength: 77 }),
  },
  'autoencoder-kl': {
    folder: 'vae-tiny-eps',
    use: (config, tensors) => buildAutoencoderKlDecoder(parseAutoencoderKlConfig(config), tensors, size),
  },
  'autoencoder-kl in stages': {
    folder: 'vae-tiny-eps',
    use: (config, tensors) => {
      const tile = { height: 1, width: 1 };
      for (const stage of decoderStages(parseAutoencoderKlConfig(config), variant, 0))
        stage.build(tensors, tile);
    },
  },
  'autoencoder-tiny': {
    folder: 'taesd-tiny',
    use: (config, tensors) => buildAutoencoderTinyDecoder(parseAutoencoderTinyConfig(config), tensors, size),
  },
};

/**
 * A config here takes a few milliseconds on an idle machine. A loop that a field drives to 1e7 takes longer than this,
 * and one to 2 ** 31 fills the memory.
 */
const slowMs = 2000;

type Outcome = 'used' | 'refused';

function outcomeOf(use: () => unknown): Outcome {
  const begun = performance.now();
  try {
    use();
    return 'used';
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    expect(thrown.code).toMatch(/^(config-|scheduler-|tensor-|graph-|argument-)/);
    expect(thrown.message.length).toBeLessThan(1000);
    return 'refused';
  } finally {
    expect(performance.now() - begun).toBeLessThan(slowMs);
  }
}

function tryChanges(config: Config, use: (config: Config) => unknown, numRuns: number): void {
  const outcomes = { used: 0, refused: 0 };
  fc.assert(
    fc.property(changesOf(config), (changes) => {
      outcomes[outcomeOf(() => use(changed(config, changes)))] += 1;
    }),
    { numRuns },
  );
  // Both happen, else the changes are too mild or too heavy to test anything.
  expect(outcomes.used).toBeGreaterThan(0);
  expect(outcomes.refused).toBeGreaterThan(0);
}

describe.each(Object.entries(networks))('%s', (_, { folder, stem = 'diffusion_pytorch_model', use }) => {
  const path = `${referenceDirectory}/${folder}`;
  const config: Config = JSON.parse(readFileSync(`${path}/config.json`, 'utf8'));
  let tensors: TensorIndex;
  beforeAll(async () => {
    ({ tensors } = await openCheckpoint(new DirectoryFiles(path), stem));
  });

  it('is built from the undamaged config', () => {
    expect(outcomeOf(() => use(config, tensors))).toBe('used');
  });

  it('is built or refused whatever the fields say', () => {
    tryChanges(config, (fields) => use(fields, tensors), 120);
  });

  it('is refused as anything but an object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
        expect(outcomeOf(() => use(value as unknown as Config, tensors))).toBe('refused');
      }),
    );
  });
});

it.each([
  ['autoencoder-kl', 'layers_per_block', 2 ** 31],
  ['autoencoder-kl in stages', 'layers_per_block', 1e5],
  ['autoencoder-tiny', 'num_decoder_blocks', [1e7, 3, 3, 1]],
  ['autoencoder-tiny', 'upsampling_scaling_factor', 1e9],
  ['clip-text', 'num_hidden_layers', 1e7],
  ['unet-2d-condition', 'layers_per_block', 1e5],
  ['unet-2d-condition', 'transformer_layers_per_block', 1e7],
  ['unet-2d-condition', 'block_out_channels', new Array(1e5).fill(32)],
])('%s is refused by name where %s is out of all proportion', (network, field, value) => {
  const { folder, use } = networks[network]!;
  const config: Config = JSON.parse(readFileSync(`${referenceDirectory}/${folder}/config.json`, 'utf8'));
  const begun = performance.now();
  // Without tensors: it is the config that is refused.
  expect(() => use({ ...config, [field]: value }, new Map())).toThrow(
    expect.objectContaining({ code: 'config-invalid', subject: field }),
  );
  expect(performance.now() - begun).toBeLessThan(slowMs);
});

it('samplers are planned or refused whatever the scheduler config says', () => {
  const {
    ddim_config: ddim,
    dpm_config: dpm,
    euler_config: euler,
  } = JSON.parse(readFileSync(`${referenceDirectory}/e2e/io_sd.json`, 'utf8'));
  for (const config of [ddim, dpm, euler] as Config[]) {
    tryChanges(config, (fields) => createSampler(parseSchedulerConfig(JSON.stringify(fields))).plan(3), 200);
  }
});
