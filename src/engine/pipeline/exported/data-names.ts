import type { ModelFiles } from '../../weights/model-files.ts';
import { joinPath } from '../model-folder.ts';

export const exportedModelName = 'model.onnx';

/** How exporters name the weights beside a graph that is too large for one file. */
export const exportedDataNames = ['model.onnx_data', 'model.onnx.data', 'weights.pb'] as const;

/** Of an exported part with its weights; 0 where there is none. */
export async function exportedBytes(files: ModelFiles, folder: string): Promise<number> {
  let sum = 0;
  for (const name of [exportedModelName, ...exportedDataNames]) {
    const path = joinPath(folder, name);
    if (await files.has(path)) sum += await files.size(path);
  }
  return sum;
}
