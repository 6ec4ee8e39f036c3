/** Complete models of the store as the engine opens them. */
import { EngineError } from '../../engine/core/errors.ts';
import { describeFolder } from '../../engine/pipeline/describe-folder.ts';
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { sourceFolder } from '../hub/model-source.ts';
import { describePublished, type PublishedModel, partFolder } from '../hub/published-model.ts';
import { FolderOfFiles } from './folder-of-files.ts';
import { type ModelRecord, readRecords } from './model-record.ts';
import type { ModelStorage } from './storage.ts';
import { storedMount } from './stored-path.ts';

/**
 * @param files of the store; component paths of the result begin with the store's mount
 * Models whose configs can't be read are left out: opening them by name would say why.
 */
export async function describeStored(
  storage: ModelStorage,
  files: ModelFiles,
  published: readonly PublishedModel[],
): Promise<readonly ModelDescriptor[]> {
  const complete = (await readRecords(storage)).filter((record) => record.complete);
  const ids = new Set(complete.map(({ request }) => request.id));
  const tiny = published.find((model) => model.kind === 'decoder' && ids.has(model.id));
  const descriptors: ModelDescriptor[] = [];
  for (const record of complete) {
    const known = published.find(({ id }) => id === record.request.id);
    if (known?.kind === 'decoder') continue;
    const fast = tiny?.lineage === known?.lineage ? tiny : undefined;
    const descriptor = known
      ? describePublished(known, fast?.kind === 'decoder' ? partFolder(fast.parts.vae) : undefined)
      : await describeTyped(record, files);
    if (descriptor) descriptors.push(mounted(descriptor, storedMount));
  }
  return descriptors;
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

async function describeTyped({ request, accepted }: ModelRecord, files: ModelFiles) {
  const folder = sourceFolder(request.parts[0]!.source);
  try {
    const descriptor = await describeFolder(new FolderOfFiles(files, folder));
    return {
      ...mounted(descriptor, folder),
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
