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
  const comparisons: Comparison[] = [];
  for (const call of await findCalls(context.files, tensors)) {
    const set = await openAdapters(call.adapters);
    const embeds = once(() => textStates(context, model, set, tensors));
    for (const output of tensors.names(`${call.recordedAs}.`)) {
      const what: ComparedOutput = {
        case: context.name,
        call: call.label,
        output,
        tolerance: context.tolerance,
      };
      const run = async () => {
        const found = await computeOutput(output, { context, model, tensors, set, embeds });
        return [compareValues(what, found.data, (await tensors.read(`${call.recordedAs}.${output}`)).data)];
      };
      comparisons.push(...(await comparing([what], run)));
    }
  }
  return comparisons;
}

function once<Value>(compute: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= compute();
    return value;
  };
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

interface AdaptedModel {
  readonly context: ParityContext;
  readonly model: ModelFiles;
  readonly tensors: RecordedTensors;
  readonly set: AdapterSet;
  /** The recorded prompt's hidden states. */
  readonly embeds: () => Promise<FloatTensor>;
}

async function computeOutput(output: string, adapted: AdaptedModel): Promise<FloatTensor> {
  const { context, model, tensors, set, embeds } = adapted;
  const read = (name: string) => tensors.read(`in.${name}`);
  const evaluate = (inputs: Tensors) => runAdapted(context, model, set, 'unet', 'sample', inputs);
  if (output === 'embeds') return embeds();
  if (output === 'sample') {
    return evaluate({
      sample: await read('sample'),
      timestep: await read('timestep'),
      encoder_hidden_states: await read('encoder_hidden_states'),
    });
  }
  if (output === 'rf_N1_latents') {
    const sample = await (await openRecordedTensors(model, 'io_rf')).read('common/init_latents');
    const timestep = floatTensor([1], Float32Array.of(1000));
    const velocity = await evaluate({ sample, timestep, encoder_hidden_states: await embeds() });
    const end = sample.data.map((value, i) => value + velocity.data[i]!);
    return floatTensor(sample.shape, end);
  }
  if (output.startsWith(mergedPrefix)) return mergedTensor(set, model, output.slice(mergedPrefix.length));
  throw new EngineError('argument-invalid', `Nothing here computes ${output}.`, { subject: output });
}

async function textStates(
  context: ParityContext,
  model: ModelFiles,
  set: AdapterSet,
  tensors: RecordedTensors,
): Promise<FloatTensor> {
  const inputs = { input_ids: await tensors.read('in.input_ids') };
  return runAdapted(context, model, set, 'text_encoder', 'last_hidden_state', inputs);
}

async function runAdapted(
  { runtime, variant }: ParityContext,
  model: ModelFiles,
  set: AdapterSet,
  part: AdaptedPart,
  output: string,
  inputs: Tensors,
): Promise<FloatTensor> {
  const results = await runNetworkCall({
    files: model,
    folder: part,
    runtime,
    variant,
    weights: ['full', 'fp16'],
    inputs,
    outputs: [output],
    adapt: (checkpoint) => set.adapt(part, checkpoint),
  });
  return results[output]!;
}

async function mergedTensor(set: AdapterSet, model: ModelFiles, name: string): Promise<FloatTensor> {
  const part = name.startsWith('text_model.') ? 'text_encoder' : 'unet';
  const stem = part === 'unet' ? 'diffusion_pytorch_model' : 'model';
  const merged = set.adapt(part, await openCheckpoint(model, joinPath(part, stem)));
  return floatTensor(merged.entry(name).shape, await merged.readTensor(name));
}
