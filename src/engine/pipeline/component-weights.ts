/** How much a component's weights take: on disk, and loaded. */
import { dtypeSizes, type FloatDType } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import { tokenEmbeddingTensor } from '../networks/clip-text/build.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { exportedBytes } from './exported/data-names.ts';
import { joinPath } from './model-folder.ts';
import type { ModelPart } from './resident-components.ts';

export interface ComponentWeights {
  /** Of the tensors that are loaded, as they are stored. */
  readonly storedBytes: number;
  /** Of the same, once the network computes in a type. */
  loadedBytes(dtype: FloatDType): number;
}

const stems: Readonly<Record<ModelPart, string>> = {
  'text encoder': 'model',
  network: 'diffusion_pytorch_model',
  decoder: 'diffusion_pytorch_model',
};

/** What of a file a part never loads: rows of the token embeddings are read one by one, and pictures aren't encoded. */
const unused: Readonly<Record<ModelPart, RegExp | undefined>> = {
  'text encoder': new RegExp(`^${tokenEmbeddingTensor.replaceAll('.', '\\.')}$`, 'u'),
  network: undefined,
  decoder: /^(encoder|quant_conv)\./u,
};

/**
 * Of safetensors in one file or in shards, or of an exported model; nothing where there are none, which loading tells.
 * @throws EngineError 'file-malformed', 'tensor-missing', 'tensor-mismatch'
 */
export async function componentWeights(
  files: ModelFiles,
  folder: string,
  part: ModelPart,
): Promise<ComponentWeights> {
  try {
    const { tensors } = await openCheckpoint(files, joinPath(folder, stems[part]));
    const loaded = [...tensors.values()].filter(({ name }) => !unused[part]?.test(name));
    const elements = loaded.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return {
      storedBytes: loaded.reduce((sum, { begin, end }) => sum + end - begin, 0),
      loadedBytes: (dtype) => elements * dtypeSizes[dtype],
    };
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.code === 'file-not-found')) throw thrown;
    const sizeBytes = await exportedBytes(files, folder);
    return { storedBytes: sizeBytes, loadedBytes: () => sizeBytes };
  }
}
