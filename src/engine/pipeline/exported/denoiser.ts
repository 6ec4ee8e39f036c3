/** A U-Net that another program exported: latents, time and text to velocity or noise, one text at a time. */
import { timestepEmbedding } from '../../networks/timestep-embedding.ts';
import type { ComponentContext, Size } from '../component.ts';
import type { Denoiser } from '../denoiser.ts';
import { asInput, openModel, readConfig } from './open-model.ts';

/** Stable Diffusion's. */
const usualChannels = 4;

/** @throws EngineError as `openModel` */
export async function loadExportedDenoiser(
  context: ComponentContext,
  folder: string,
  { height, width }: Size,
): Promise<Denoiser> {
  const known = ['sample', 'timestep', 'encoder_hidden_states', 'timestep_cond'];
  const model = await openModel(context, folder, known, 3);
  const { in_channels: configured } = await readConfig(context.files, folder);
  const sample = model.input('sample')!;
  const latentChannels = sample.shape[1] ?? (typeof configured === 'number' ? configured : usualChannels);
  const shape = [1, latentChannels, height, width];
  const timestep = model.input('timestep')!;
  const states = model.input('encoder_hidden_states')!;
  const guidance = model.input('timestep_cond');
  /** LCM's embedding of guidance scale - 1, as in the network that we build ourselves. */
  const guidanceChannels = guidance?.shape[1] ?? 256;
  const guidanceLayout = { timestepChannels: guidanceChannels, flipSinToCos: false, frequencyShift: 1 };
  return {
    latentChannels,
    embedsGuidance: guidance !== undefined,
    async evaluate({ latents, timestep: time, texts, guidanceScale }) {
      const outputs: Float32Array[] = [];
      for (const text of texts) {
        const { data } = await model.run(
          {
            sample: asInput(sample, latents, shape),
            timestep: asInput(timestep, Float32Array.of(time), [1]),
            encoder_hidden_states: asInput(states, text.data, text.shape),
            ...(guidance && {
              timestep_cond: asInput(
                guidance,
                timestepEmbedding(guidanceLayout, [(guidanceScale - 1) * 1000]),
                [1, guidanceChannels],
              ),
            }),
          },
          'out_sample',
        );
        outputs.push(data);
      }
      return outputs;
    },
    dispose: () => model.dispose(),
  };
}
