/** A VAE decoder that another program exported: latents to a picture. */
import type { ModelFiles } from '../../weights/model-files.ts';
import type { ComponentContext, Size } from '../component.ts';
import type { LatentDecoder } from '../latent-decoder.ts';
import { asInput, openModel, readConfig } from './open-model.ts';

/** What old exports, which have no config, were made from: Stable Diffusion 1's and 2's. */
const usual = { scalingFactor: 0.18215, levels: 4, latentChannels: 4 };

interface ExportedDecoderDescription {
  readonly scalingFactor: number;
  /** Pixels per latent, each way. */
  readonly scaleFactor: number;
  readonly latentChannels: number;
}

/** @throws EngineError 'file-malformed' */
export async function describeExportedDecoder(
  files: ModelFiles,
  folder: string,
): Promise<ExportedDecoderDescription> {
  const { scaling_factor, block_out_channels, latent_channels } = await readConfig(files, folder);
  const levels = Array.isArray(block_out_channels) ? block_out_channels.length : usual.levels;
  return {
    scalingFactor: typeof scaling_factor === 'number' ? scaling_factor : usual.scalingFactor,
    scaleFactor: 2 ** (levels - 1),
    latentChannels: typeof latent_channels === 'number' ? latent_channels : usual.latentChannels,
  };
}

/** @param size of the latents @throws EngineError as `openModel` */
export async function loadExportedDecoder(
  context: ComponentContext,
  folder: string,
  { height, width }: Size,
): Promise<LatentDecoder> {
  const { scalingFactor, latentChannels } = await describeExportedDecoder(context.files, folder);
  const model = await openModel(context, folder, ['latent_sample']);
  const input = model.input('latent_sample')!;
  return {
    decode(latents) {
      const unscaled = latents.map((value) => value / scalingFactor);
      return model.run(
        { latent_sample: asInput(input, unscaled, [1, latentChannels, height, width]) },
        'sample',
      );
    },
    dispose: () => model.dispose(),
  };
}
