/** LoRA files and whole U-Nets that the reader added: opened where they lie on disk, nothing of them is copied. */
import { EngineError } from '../engine/core/errors.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { Adapter } from '../engine/weights/adapter.ts';
import { adaptedParts, openLora } from '../engine/weights/lora/lora-file.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { readSafetensorsHeader } from '../engine/weights/safetensors-header.ts';
import type { AdapterSummary, AppliedAdapter } from './protocol.ts';

interface AddedFile {
  readonly kind: AdapterSummary['kind'];
  readonly files: ModelFiles;
  readonly path: string;
}

/** The name under which a difference looks for a U-Net's weights in a folder. */
const networkFile = 'diffusion_pytorch_model.safetensors';

export class AddedAdapters {
  readonly #added = new Map<string, AddedFile>();

  /**
   * Reads the header, no weights. Files of one id replace each other.
   * @param open the file under a path that is asked for, and PEFT's `adapter_config.json` beside it
   * @param name the file's own
   * @throws EngineError 'file-malformed'; 'config-unsupported' for a file that is neither, naming a tensor; as
   *   `openLora`
   */
  async add(id: string, name: string, open: (path: string) => ModelFiles): Promise<AdapterSummary> {
    const files = open(name);
    const { tensors } = await readSafetensorsHeader(files, name);
    const names = new Set(tensors.map((tensor) => tensor.name));
    const whole = [...names].find((tensor) => tensor.startsWith('model.diffusion_model.'));
    if (whole !== undefined) throw singleFile(name, whole);
    if (
      names.has('conv_in.weight') &&
      names.has('conv_out.weight') &&
      names.has('time_embedding.linear_1.weight')
    ) {
      const path = `${name}/${networkFile}`;
      this.#added.set(id, { kind: 'unet', files: open(path), path });
      return { kind: 'unet', parts: ['unet'], layers: tensors.length, ranks: null };
    }
    const lora = await openLora(files, name);
    const ranks = lora.layers.map(({ down }) => down.shape[0] ?? 0);
    this.#added.set(id, { kind: 'lora', files, path: name });
    return {
      kind: 'lora',
      parts: [...adaptedParts(lora)],
      layers: lora.layers.length,
      ranks: [Math.min(...ranks), Math.max(...ranks)],
    };
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
      const { files, path } = added;
      if (added.kind === 'lora') {
        adapters.push({ kind: 'lora', files, path, strength });
        continue;
      }
      if (original == null) throw withoutOriginal(id);
      const { components } = await modelOf(original);
      adapters.push({
        kind: 'delta',
        part: 'unet',
        finetuned: { files, folder: path.slice(0, -networkFile.length - 1) },
        original: { files: modelFiles, folder: components.unet },
        strength,
      });
    }
    return adapters;
  }
}

function singleFile(name: string, tensor: string): EngineError {
  return new EngineError('config-unsupported', `${name} is a whole model in one file.`, {
    subject: name,
    found: tensor,
    wanted: 'a LoRA, or the U-Net of a diffusers folder (diffusion_pytorch_model.safetensors)',
    remedy: "Take the diffusers folder of that model: open it under Models, or add its U-Net's file here.",
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
