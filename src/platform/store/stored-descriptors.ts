/** Complete models of the store as the engine opens them. */
import { EngineError } from '../../engine/core/errors.ts';
import { describeFolder } from '../../engine/pipeline/describe-folder.ts';
import { exportedBytes, exportedModelName } from '../../engine/pipeline/exported/data-names.ts';
import { isExported } from '../../engine/pipeline/exported/open-model.ts';
import { describeDecoder } from '../../engine/pipeline/latent-decoder.ts';
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import { joinPath } from '../../engine/pipeline/model-folder.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { sourceFolder } from '../hub/model-source.ts';
import { describePublished, type PublishedModel, partFolder } from '../hub/published-model.ts';
import { assertExportedFits } from '../ort/weight-budget.ts';
import { FolderOfFiles } from './folder-of-files.ts';
import type { ModelRecord } from './model-record.ts';
import type { ModelRequest } from './model-request.ts';
import { storedMount } from './stored-path.ts';

export interface StoredDescriptors {
  readonly models: readonly ModelDescriptor[];
  /** Folder of the stored tiny decoder for Stable Diffusion's latents, under the store's mount. */
  readonly tinyDecoder: string | undefined;
}

/**
 * @param complete records of models all of whose files are there
 * @param files of the store; component paths of the result begin with the store's mount
 * Models whose configs can't be read are left out: the list of stored models says why.
 */
export async function describeStored(
  complete: readonly ModelRecord[],
  files: ModelFiles,
  published: readonly PublishedModel[],
): Promise<StoredDescriptors> {
  const ids = new Set(complete.map(({ request }) => request.id));
  const tiny = published.find((model) => model.kind === 'decoder' && ids.has(model.id));
  const tinyFolder = tiny && partFolder(tiny.parts.vae);
  const models: ModelDescriptor[] = [];
  for (const record of complete) {
    const known = published.find(({ id }) => id === record.request.id);
    if (known?.kind === 'decoder') continue;
    const descriptor = known
      ? describePublished(known, known.latents === tiny?.latents ? tinyFolder : undefined)
      : await describeTyped(record, files, tinyFolder);
    if (descriptor) models.push(mounted(descriptor, storedMount));
  }
  return { models, tinyDecoder: tinyFolder && `${storedMount}/${tinyFolder}` };
}

/**
 * Whether a decoder reads the latents of Stable Diffusion 1 and 2, whoever trained it.
 * @throws EngineError as `describeDecoder`
 */
export async function hasStableDiffusionLatents(files: ModelFiles, vae: string): Promise<boolean> {
  if (await isExported(files, vae)) return false;
  const { kl, latentChannels, scalingFactor } = await describeDecoder(files, vae);
  return kl !== undefined && latentChannels === 4 && scalingFactor === 0.18215;
}

/** A descriptor with its folders under a mount. */
export function mounted(descriptor: ModelDescriptor, mount: string): ModelDescriptor {
  const under = (folder: string) => `${mount}/${folder}`;
  const { components, delta } = descriptor;
  return {
    ...descriptor,
    components: {
      tokenizer: under(components.tokenizer),
      text_encoder: under(components.text_encoder),
      unet: under(components.unet),
      vae: under(components.vae),
      tiny_vae: components.tiny_vae && under(components.tiny_vae),
      scheduler: components.scheduler && under(components.scheduler),
    },
    delta: delta && { finetuned: under(delta.finetuned), original: under(delta.original) },
  };
}

/**
 * Whether the engine can open a pipeline that nobody described.
 * @throws EngineError as `describeFolder`; 'model-too-large' for an exported part
 */
export async function assertUsable(files: ModelFiles): Promise<void> {
  const { components } = await describeFolder(files);
  for (const folder of [components.text_encoder, components.unet, components.vae]) {
    const sizeBytes = await exportedBytes(files, folder);
    if (sizeBytes > 0) assertExportedFits(joinPath(folder, exportedModelName), sizeBytes);
  }
}

/** The folder that a typed model lies in. */
export function typedFolder({ parts }: ModelRequest, files: ModelFiles): ModelFiles {
  return new FolderOfFiles(files, sourceFolder(parts[0]!.source));
}

async function describeTyped(
  { request, accepted }: ModelRecord,
  files: ModelFiles,
  tinyFolder: string | undefined,
): Promise<ModelDescriptor | undefined> {
  const folder = sourceFolder(request.parts[0]!.source);
  try {
    const inside = typedFolder(request, files);
    const described = await describeFolder(inside);
    const descriptor = mounted(described, folder);
    const fits =
      tinyFolder !== undefined && (await hasStableDiffusionLatents(inside, described.components.vae));
    return {
      ...descriptor,
      components: { ...descriptor.components, tiny_vae: fits ? tinyFolder : undefined },
      id: request.id,
      title: request.title,
      lineage: request.id,
      licence: { name: accepted.licence || 'not stated' },
    };
  } catch (thrown) {
    if (thrown instanceof EngineError) return undefined;
    throw thrown;
  }
}
