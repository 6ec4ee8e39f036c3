/** Which sampler a model wants: the catalogue's word, else its folder's pipeline class, else its scheduler. */
import type { Sampler } from '../samplers/sampler.ts';
import {
  asInStableDiffusion,
  createSampler,
  parseSchedulerConfig,
  type SchedulerConfig,
  samplerByName,
} from '../samplers/scheduler-config.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import type { ModelDescriptor } from './model.ts';
import { joinPath, readConfigFile } from './model-folder.ts';

/**
 * @param name the reader's choice; missing means the model's own
 * @throws EngineError 'scheduler-unsupported' | 'config-invalid' | 'config-unsupported' | 'file-malformed'
 */
export async function chooseSampler(
  files: ModelFiles,
  { components, sampler }: ModelDescriptor,
  name: string | undefined,
): Promise<Sampler> {
  const config = await readSchedulerConfig(files, components.scheduler);
  const wanted = name ?? sampler;
  if (wanted !== undefined) return samplerByName(wanted, config);
  return config ? createSampler(config) : samplerByName('rectified-flow');
}

async function readSchedulerConfig(
  files: ModelFiles,
  folder: string | undefined,
): Promise<SchedulerConfig | undefined> {
  if (folder === undefined) return undefined;
  const path = joinPath(folder, 'scheduler_config.json');
  if (!(await files.has(path))) return undefined;
  const bytes = await readConfigFile(files, path);
  return asInStableDiffusion(parseSchedulerConfig(new TextDecoder().decode(bytes), path));
}
