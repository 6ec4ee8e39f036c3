import { describe, expect, it, vi } from 'vitest';
import { expectOutputs, readReferenceCase, referenceDirectory } from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import {
  autoencoderKlEncoderOutputs,
  buildAutoencoderKlDecoder,
  buildAutoencoderKlEncoder,
} from './build.ts';
import { parseAutoencoderKlConfig } from './config.ts';

// Sessions are built one by one, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

describe.each(['vae-tiny-eps', 'vae-tiny-legacy-keys'])('%s', (name) => {
  it.each(['fused', 'decomposed'] as const)('agrees with the original, attention %s', async (attention) => {
    const { files, config, checkpoint, calls } = await readReferenceCase(
      `${referenceDirectory}/${name}`,
      'diffusion_pytorch_model',
    );
    const parsed = parseAutoencoderKlConfig(config);
    expect(calls.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of calls) {
      const [height, width] = (inputs.latents ?? inputs.image)!.shape.slice(2) as [number, number];
      const options = {
        variant: { attention, dtype: 'f32' } as const,
        height,
        width,
        outputs: autoencoderKlEncoderOutputs.filter((output) => output in outputs),
      };
      const build = inputs.latents ? buildAutoencoderKlDecoder : buildAutoencoderKlEncoder;
      expectOutputs(await runGraph(build(parsed, checkpoint.tensors, options), files, inputs), outputs);
    }
  });
});
