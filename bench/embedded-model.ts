/** The model that the app carries, for the benchmarks. */
import { EngineError } from '../src/engine/core/errors.ts';
import type { Size } from '../src/engine/pipeline/component.ts';
import { describeDecoder } from '../src/engine/pipeline/latent-decoder.ts';
import type { ModelDescriptor } from '../src/engine/pipeline/model.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';

export interface EmbeddedModel {
  readonly files: ModelFiles;
  readonly components: ModelDescriptor['components'];
  /** Of the latents at the model's first size. */
  readonly latents: Size;
}

/** The catalogue's first. @throws EngineError 'file-not-found' | 'file-malformed' */
export async function openEmbeddedModel(files: ModelFiles): Promise<EmbeddedModel> {
  const [model] = await readCatalogue(files);
  const size = model?.sizes[0];
  if (!model || !size) {
    throw new EngineError('file-malformed', 'The catalogue lists no model.', {
      subject: 'models/catalog.json',
    });
  }
  const { components } = model;
  const { scaleFactor } = await describeDecoder(files, components.vae);
  const [width, height] = size;
  return { files, components, latents: { width: width / scaleFactor, height: height / scaleFactor } };
}
