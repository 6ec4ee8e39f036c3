/** The stages of a pipeline over components that fall back to float32: every output is finite. */
import type { FloatTensor } from '../core/tensor.ts';
import type { Denoiser } from './denoiser.ts';
import type { Float32Fallback } from './float32-fallback.ts';
import type { LatentDecoder } from './latent-decoder.ts';
import type { TextEncoder } from './text-encoder.ts';

/** @throws EngineError as `Float32Fallback.run` */
export function finiteEncoding(
  encoder: Float32Fallback<TextEncoder>,
  ids: readonly number[],
): Promise<FloatTensor> {
  return encoder.run(
    (component) => component.encode(ids),
    ({ data }) => [data],
  );
}

export async function finiteDenoiser(network: Float32Fallback<Denoiser>): Promise<Denoiser> {
  const { latentChannels, embedsGuidance, walk } = await network.component();
  return {
    latentChannels,
    embedsGuidance,
    evaluate: (input) =>
      network.run(
        (component) => component.evaluate(input),
        (outputs) => outputs,
      ),
    walk:
      walk &&
      ((steps) =>
        network.run(
          (component) => component.walk!(steps),
          (latents) => [latents],
        )),
    dispose: () => network.dispose(),
  };
}

export function finiteDecoder(decoder: Float32Fallback<LatentDecoder>): LatentDecoder {
  return {
    decode: (latents, signal) =>
      decoder.run(
        (component) => component.decode(latents, signal),
        ({ data }) => [data],
      ),
    dispose: () => decoder.dispose(),
  };
}
