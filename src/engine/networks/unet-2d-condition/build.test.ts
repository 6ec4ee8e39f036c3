import { describe, expect, it } from 'vitest';
import {
  expectOutputs,
  readReferenceCase,
  recordingsOf,
  referenceDirectory,
} from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { floatTensor } from '../../core/tensor.ts';
import { timestepEmbedding } from '../timestep-embedding.ts';
import { buildUNet2DConditionModel } from './build.ts';
import { parseUNet2DConditionConfig } from './config.ts';

describe.each(['unet-tiny-sd1-l1', 'unet-tiny-sdturbo', 'unet-tiny-eps', 'unet-tiny-odd-lcm'])(
  '%s',
  (name) => {
    it.each(['fused', 'decomposed'] as const)('agrees with the original, attention %s', async (attention) => {
      const directory = `${referenceDirectory}/${name}`;
      for (const recording of recordingsOf(directory)) {
        const {
          files,
          config: json,
          checkpoint,
          calls,
        } = await readReferenceCase(directory, 'diffusion_pytorch_model', recording);
        const config = parseUNet2DConditionConfig(json);
        expect(calls.length).toBeGreaterThan(0);
        for (const { inputs, outputs } of calls) {
          const { timestep, ...others } = inputs;
          const [batch, , height, width] = inputs.sample!.shape as [number, number, number, number];
          const graph = buildUNet2DConditionModel(config, checkpoint.tensors, {
            variant: { attention, dtype: 'f32' },
            height,
            width,
            textLength: inputs.encoder_hidden_states!.shape[1]!,
          });
          // The originals take one timestep for all or one each.
          const timesteps = Array.from({ length: batch }, (_, i) => timestep!.data[i] ?? timestep!.data[0]!);
          const embedding = timestepEmbedding(config, timesteps);
          const { out_sample } = await runGraph(graph, files, {
            ...others,
            timestep_embedding: floatTensor([batch, config.timestepChannels], embedding),
          });
          expectOutputs({ sample: out_sample! }, outputs);
        }
      }
    });
  },
);
