/** Files that were chosen or dropped together, put together as adapters by their names: the engine reads them. */
import type { AdapterFiles } from '../../worker/protocol.ts';

const isIndex = ({ name }: File): boolean => /\.index(?:\.[^.]+)?\.json$/.test(name);
/** As diffusers names what it cuts into several files: 'diffusion_pytorch_model-00001-of-00002.safetensors'. */
const isShard = ({ name }: File): boolean => /-\d{5}-of-\d{5}\b/.test(name);
const isJson = ({ name }: File): boolean => name.endsWith('.json');

/** PEFT's config of weights, numbered alike where a browser saved either more than once. */
const configName = (weights: string): string =>
  weights.replace('adapter_model', 'adapter_config').replace(/\.safetensors$/, '.json');

/**
 * What belongs to nothing stands alone, for the engine to refuse by name. A network's own config.json is needed by
 * nobody, and left out beside its weights.
 */
export function adapterFiles(files: readonly File[]): readonly AdapterFiles[] {
  const indexes = files.filter(isIndex);
  const shards = files.filter(isShard);
  const single = files.filter((file) => !isJson(file) && !(indexes.length > 0 && isShard(file)));
  const weights = indexes.length + single.length;
  const configs = files.filter(
    (file) => isJson(file) && !isIndex(file) && !(weights > 0 && file.name === 'config.json'),
  );
  const withConfigs = single.map((file): AdapterFiles => {
    const own = configs.find(({ name }) => name === configName(file.name));
    // Whatever it is called, there is nothing else that it could belong to.
    return { file, config: own ?? (weights === 1 && configs.length === 1 ? configs[0] : undefined) };
  });
  const left = configs.filter((file) => !withConfigs.some(({ config }) => config === file));
  return [...indexes.map((file) => ({ file, shards })), ...withConfigs, ...left.map((file) => ({ file }))];
}

/** All of an adapter's files. */
function listOf({ file, config, shards = [] }: AdapterFiles): readonly File[] {
  return [file, ...(config ? [config] : []), ...shards];
}

export function adapterBytes({ file, shards = [] }: AdapterFiles): number {
  return [file, ...shards].reduce((sum, { size }) => sum + size, 0);
}

export const isSameFile = (a: File, b: File): boolean =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/** Whether they change weights in the same way: a LoRA with its config does not as it does without. */
export function isSameAdapter(a: AdapterFiles, b: AdapterFiles): boolean {
  const [all, others] = [listOf(a), listOf(b)];
  return all.length === others.length && all.every((file, i) => isSameFile(file, others[i]!));
}
