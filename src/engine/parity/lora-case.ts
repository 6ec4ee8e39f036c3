/**
 * A case with `base` in its `io.json`: LoRA files for the pipeline given as the model (or the case e2e beside it),
 * with what the original pipeline gave at some strengths. Tensors are named `<file>@<strength>.<output>`.
 */
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import { joinPath } from '../pipeline/model-folder.ts';
import { type Adapter, type AdapterSet, openAdapters } from '../weights/adapter.ts';
import type { AdaptedPart } from '../weights/lora/lora-key.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { type ComparedOutput, type Comparison, compareValues } from './comparison.ts';
import { runNetworkCall, type Tensors } from './network-case.ts';
import { comparing, type ParityContext } from './parity-context.ts';
import { openRecordedTensors, type RecordedTensors } from './recorded-tensors.ts';

/** A LoRA at a strength, and the recorded name of what it must give. */
interface LoraCall {
  readonly label: string;
  readonly recordedAs: string;
  readonly adapters: readonly Adapter[];
}

/** A merged weight is named by its tensor: 'merged.down_blocks.0...weight'. */
const mergedPrefix = 'merged.';

/** @throws EngineError 'argument-invalid' without a model, 'tensor-missing' without recorded outputs */
export async function runLoraCases(context: ParityContext): Promise<Comparison[]> {
  const tensors = await openRecordedTensors(context.files, 'io');
  const model = context.model ?? context.sibling?.('e2e');
  if (!model) {
    throw new EngineError('argument-invalid', 'This case records a pipeline with LoRA files.', {
      found: 'no --model',
      wanted: 'the pipeline without them, by --model DIR',
    });
  }
  const noise = await (await openRecordedTensors(model, 'io_rf')).read('common/init_latents');
  const comparisons: Comparison[] = [];
  for (const call of await findCalls(context.files, tensors)) {
    const expected = tensors.names(`${call.recordedAs}.`).map(
      (output): ComparedOutput => ({
        case: context.name,
        call: call.label,
        output,
        tolerance: context.tolerance,
      }),
    );
    const run = async () => {
      const found = await runCall({ context, model, tensors, noise }, call, expected);
      return Promise.all(
        expected.map(async (what) =>
          compareValues(
            what,
            found[what.output]!.data,
            (await tensors.read(`${call.recordedAs}.${what.output}`)).data,
          ),
        ),
      );
    };
    comparisons.push(...(await comparing(expected, run)));
  }
  return comparisons;
}

async function findCalls(files: ModelFiles, tensors: RecordedTensors): Promise<LoraCall[]> {
  const labels = new Set(
    tensors.names('').flatMap((name) => /^(?:base|[^@]+@-?\d+(?:\.\d+)?)(?=\.[a-z])/.exec(name)?.[0] ?? []),
  );
  if (labels.size === 0) throw new EngineError('tensor-missing', 'The case records no outputs.');
  const calls: LoraCall[] = [];
  for (const label of labels) {
    if (label === 'base') {
      calls.push({ label, recordedAs: label, adapters: [] });
      continue;
    }
    const [stem, strength] = label.split('@') as [string, string];
    // A PEFT file holds the matrices of the diffusers file of the same name, and has no recording of its own.
    for (const name of new Set([stem, stem.replace(/^diffusers/, 'peft')])) {
      const path = `${name}.safetensors`;
      if (name !== stem && !(await files.has(path))) continue;
      const adapters = [{ kind: 'lora', files, path, strength: Number(strength) }] as const;
      calls.push({ label: `${name}@${strength}`, recordedAs: label, adapters });
    }
  }
  return calls;
}

interface Base {
  readonly context: ParityContext;
  readonly model: ModelFiles;
  readonly tensors: RecordedTensors;
  readonly noise: FloatTensor;
}

async function runCall(
  { context, model, tensors, noise }: Base,
  { adapters }: LoraCall,
  expected: readonly ComparedOutput[],
): Promise<Record<string, FloatTensor>> {
  const { runtime, variant } = context;
  const set = await openAdapters(adapters);
  const run = async (folder: AdaptedPart, output: string, inputs: Tensors) => {
    const results = await runNetworkCall({
      files: model,
      folder,
      runtime,
      variant,
      weights: ['full', 'fp16'],
      inputs,
      outputs: [output],
      adapt: (checkpoint) => set.adapt(folder, checkpoint),
    });
    return results[output]!;
  };
  const read = (name: string) => tensors.read(`in.${name}`);
  const embeds = await run('text_encoder', 'last_hidden_state', { input_ids: await read('input_ids') });
  const found: Record<string, FloatTensor> = { embeds };
  for (const { output } of expected) {
    if (output.startsWith(mergedPrefix)) {
      const name = output.slice(mergedPrefix.length);
      found[output] = await mergedTensor(set, model, name);
    } else if (output === 'sample') {
      const text = await read('encoder_hidden_states');
      const inputs = { sample: await read('sample'), timestep: await read('timestep') };
      found[output] = await run('unet', 'sample', { ...inputs, encoder_hidden_states: text });
    } else if (output === 'rf_N1_latents') {
      const timestep = floatTensor([1], Float32Array.of(1000));
      const inputs = { sample: noise, timestep, encoder_hidden_states: embeds };
      const velocity = await run('unet', 'sample', inputs);
      found[output] = floatTensor(
        noise.shape,
        noise.data.map((value, i) => value + velocity.data[i]!),
      );
    } else if (output !== 'embeds') {
      throw new EngineError('argument-invalid', `Nothing here computes ${output}.`, { subject: output });
    }
  }
  return found;
}

async function mergedTensor(set: AdapterSet, model: ModelFiles, name: string): Promise<FloatTensor> {
  const unet = set.adapt('unet', await openCheckpoint(model, joinPath('unet', 'diffusion_pytorch_model')));
  return floatTensor(unet.entry(name).shape, await unet.readTensor(name));
}
