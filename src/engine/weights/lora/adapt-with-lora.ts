import { EngineError } from '../../core/errors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { quote } from '../json-document.ts';
import type { TensorEntry } from '../tensor-entry.ts';
import type { TensorPatch } from '../tensor-patch.ts';
import type { LoraFile, LoraLayer } from './lora-file.ts';
import type { AdaptedPart } from './lora-key.ts';
import { createLoraPatch } from './lora-patch.ts';

/**
 * @param strength not 0
 * @throws EngineError 'tensor-missing' naming the first LoRA tensor whose layer the checkpoint lacks;
 *   'tensor-mismatch'
 */
export function adaptWithLora(
  checkpoint: Checkpoint,
  lora: LoraFile,
  part: AdaptedPart,
  strength: number,
): Checkpoint {
  const find = layerFinder(checkpoint);
  const patches = new Map<string, TensorPatch>();
  for (const layer of lora.layers) {
    if (layer.part !== part) continue;
    const tensor = find(layer);
    if (!tensor) throw unmatched(lora, layer, checkpoint);
    if (patches.has(tensor.name)) throw ambiguous(lora, layer, tensor);
    patches.set(tensor.name, createLoraPatch(lora, layer, tensor, strength));
  }
  return checkpoint.patched(patches);
}

/** Finds the weight of a layer by its path, or by its path with '_' for '.'. */
function layerFinder({ tensors }: Checkpoint): (layer: LoraLayer) => TensorEntry | undefined {
  const byUnderscores = new Map<string, TensorEntry>();
  for (const [name, entry] of tensors) byUnderscores.set(name.replaceAll('.', '_'), entry);
  return ({ layer, underscored }) =>
    underscored ? byUnderscores.get(`${layer}_weight`) : tensors.get(`${layer}.weight`);
}

/** Layers of a U-Net as Stability AI's own code names them; diffusers numbers its blocks otherwise. */
const originalLayout = /^(?:input_blocks|middle_block|output_blocks)(?=[._])/;

function unmatched({ path }: LoraFile, { down, layer, part }: LoraLayer, base: Checkpoint): EngineError {
  const network = part === 'unet' ? 'U-Net' : 'text encoder';
  const original = originalLayout.exec(layer)?.[0];
  return new EngineError(
    'tensor-missing',
    `${path}: ${quote(down.name)} matches no layer of the ${network}.`,
    {
      subject: down.name,
      found: `no layer ${layer} in ${base.path}`,
      wanted: "layers of this model, by diffusers' names",
      remedy: original
        ? `Convert the LoRA to diffusers' or kohya's names, or choose such a file: '${original}' is a name of the original (ldm) layout.`
        : 'Use a LoRA that was made for a model of this family.',
    },
  );
}

function ambiguous({ path }: LoraFile, { down }: LoraLayer, tensor: TensorEntry): EngineError {
  return new EngineError('file-malformed', `${path} changes ${tensor.name} twice, in two spellings.`, {
    subject: down.name,
    found: 'two pairs of matrices for one layer',
    wanted: 'one',
  });
}
