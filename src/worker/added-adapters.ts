/** LoRA files and whole U-Nets that the reader added: opened where they lie on disk, nothing of them is copied. */
import { EngineError } from '../engine/core/errors.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { Adapter } from '../engine/weights/adapter.ts';
import { adaptedParts, type LoraSource, openLora } from '../engine/weights/lora/lora-file.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { openCheckpoint } from '../engine/weights/open-checkpoint.ts';
import { readSafetensorsHeader } from '../engine/weights/safetensors-header.ts';
import { chosenFiles } from '../platform/browser/folder-files.ts';
import type { AdapterFiles, AdapterSummary, AppliedAdapter, ChosenAdapter } from './protocol.ts';

type AddedFile =
  | ({ readonly kind: 'lora' } & LoraSource)
  | { readonly kind: 'unet'; readonly files: ModelFiles; readonly folder: string };

/** The names under which a difference looks for a U-Net's weights in a folder. */
const networkStem = 'diffusion_pytorch_model';
const networkFile = `${networkStem}.safetensors`;
const networkIndex = `${networkFile}.index.json`;

/** Where a LoRA finds the config that was chosen with it. */
const peftConfig = 'adapter_config.json';

/** Tensors that every U-Net of a diffusers folder has. */
const telling = ['conv_in.weight', 'conv_out.weight', 'time_embedding.linear_1.weight'];

export class AddedAdapters {
  readonly #added = new Map<string, AddedFile>();

  /**
   * Reads headers, no weights. Files of one id replace each other.
   * @throws EngineError 'file-malformed'; 'config-unsupported' for a file that is neither, naming a tensor;
   *   'file-not-found' for a part of what was cut into several files; as `openLora`
   */
  async add({ id, ...chosen }: ChosenAdapter): Promise<AdapterSummary> {
    const { added, summary } = await open(id, chosen);
    this.#added.set(id, added);
    return summary;
  }

  /**
   * What a draw adds to its model, in its order.
   * @param modelFiles with the folders of `modelOf`'s models
   * @throws EngineError 'file-not-found' for a file that isn't here; 'argument-invalid' for a U-Net that nothing is
   *   subtracted from; as `modelOf`
   */
  async open(
    applied: readonly AppliedAdapter[],
    modelFiles: ModelFiles,
    modelOf: (id: string) => Promise<ModelDescriptor>,
  ): Promise<readonly Adapter[]> {
    const adapters: Adapter[] = [];
    for (const { id, strength, original } of applied) {
      const added = this.#added.get(id);
      if (!added) throw missing(id);
      if (added.kind === 'lora') {
        adapters.push({ ...added, strength });
        continue;
      }
      if (original == null) throw withoutOriginal(id);
      const { components } = await modelOf(original);
      adapters.push({
        kind: 'delta',
        part: 'unet',
        finetuned: { files: added.files, folder: added.folder },
        original: { files: modelFiles, folder: components.unet },
        strength,
      });
    }
    return adapters;
  }
}

interface Opened {
  readonly added: AddedFile;
  readonly summary: AdapterSummary;
}

async function open(id: string, { file, config, shards = [] }: AdapterFiles): Promise<Opened> {
  const { name } = file;
  if (/\.index(?:\.[^.]+)?\.json$/.test(name)) return openShards(id, name, file, shards);
  if (name.endsWith('.json')) throw withoutWeights(name);
  if (/-\d{5}-of-\d{5}\b[^/]*$/.test(name)) throw withoutIndex(name);
  const files = chosenFiles(id, new Map([[name, file], ...(config ? [[peftConfig, config] as const] : [])]));
  const { tensors } = await readSafetensorsHeader(files, name);
  const names = new Set(tensors.map((tensor) => tensor.name));
  const whole = [...names].find((tensor) => tensor.startsWith('model.diffusion_model.'));
  if (whole !== undefined) throw singleFile(name, whole);
  if (telling.every((tensor) => names.has(tensor))) {
    return openedUNet(chosenFiles(id, new Map([[`${name}/${networkFile}`, file]])), name, names.size);
  }
  const source = { files, path: name, config: config && peftConfig };
  const lora = await openLora(source);
  const ranks = lora.layers.map(({ down }) => down.shape[0] ?? 0);
  return {
    added: { kind: 'lora', ...source },
    summary: {
      kind: 'lora',
      parts: [...adaptedParts(lora)],
      layers: lora.layers.length,
      ranks: [Math.min(...ranks), Math.max(...ranks)],
      scaleAssumed: lora.scaleAssumed,
    },
  };
}

async function openShards(id: string, name: string, index: File, shards: readonly File[]): Promise<Opened> {
  const inside = shards.map((shard) => [`${name}/${shard.name}`, shard] as const);
  const files = chosenFiles(id, new Map([[`${name}/${networkIndex}`, index], ...inside]));
  const { tensors } = await openCheckpoint(files, `${name}/${networkStem}`);
  const missing = telling.find((tensor) => !tensors.has(tensor));
  if (missing !== undefined) throw noUNet(name, missing);
  return openedUNet(files, name, tensors.size);
}

/** @param folder named as the file, for messages */
function openedUNet(files: ModelFiles, folder: string, layers: number): Opened {
  return {
    added: { kind: 'unet', files, folder },
    summary: { kind: 'unet', parts: ['unet'], layers, ranks: null },
  };
}

function singleFile(name: string, tensor: string): EngineError {
  return new EngineError('config-unsupported', `${name} is a whole model in one file.`, {
    subject: name,
    found: tensor,
    wanted: 'a LoRA, or the U-Net of a diffusers folder (diffusion_pytorch_model.safetensors)',
    remedy: "Take the diffusers folder of that model: open it under Models, or add its U-Net's file here.",
  });
}

function withoutWeights(name: string): EngineError {
  return new EngineError('file-not-found', `${name} came without the weights that it belongs to.`, {
    subject: name,
    found: 'no file of weights that is surely meant',
    wanted: 'one LoRA with its own config',
    remedy: "Choose a LoRA's file and its config together, and no other LoRA.",
  });
}

function withoutIndex(name: string): EngineError {
  return new EngineError('file-not-found', `${name} is one of several files of a network.`, {
    subject: name,
    found: 'no index',
    wanted: `all of the files, with their index (${networkIndex})`,
    remedy: 'Choose all files of the folder together, the index (.index.json) too.',
  });
}

function noUNet(name: string, missing: string): EngineError {
  return new EngineError('config-unsupported', `${name} is the index of another network.`, {
    subject: name,
    found: `no tensor ${missing}`,
    wanted: 'the U-Net of a diffusers folder',
    remedy: 'Choose the files of the folder unet.',
  });
}

function missing(id: string): EngineError {
  return new EngineError('file-not-found', `${id} is not here.`, {
    subject: id,
    found: 'no file of that name',
    wanted: 'a file that was added since the page was opened',
    remedy: 'Add the file again, or draw without it.',
  });
}

function withoutOriginal(id: string): EngineError {
  return new EngineError(
    'argument-invalid',
    `${id} is a whole U-Net, of which only a difference can be added.`,
    {
      subject: id,
      found: 'no model to take the difference from',
      wanted: 'the model that it was tuned from',
      remedy: 'Choose that model beside the file.',
    },
  );
}
