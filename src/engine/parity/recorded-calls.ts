/** Cases with an `io.json`: calls of one network in the folder, or of the components of a model given beside. */
import { EngineError } from '../core/errors.ts';
import type { FloatTensor } from '../core/tensor.ts';
import type { CheckpointVariant } from '../weights/open-checkpoint.ts';
import { type ComparedOutput, type Comparison, comparePictures, compareValues } from './comparison.ts';
import { LastSession } from './last-session.ts';
import { runNetworkCall } from './network-case.ts';
import { comparing, type ParityContext } from './parity-context.ts';
import { runRecordedStep } from './pipeline-case.ts';
import { openRecordedTensors, type RecordedTensors, readRecord } from './recorded-tensors.ts';

interface RecordedCall {
  readonly label: string;
  /** Of a full checkpoint: 'text_encoder', 'unet', 'vae', 'pipeline'. */
  readonly component?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface Recording {
  readonly needs_model?: boolean;
  readonly calls: readonly RecordedCall[];
}

/** @param stem 'io' belongs to the plain weights, 'io.fp16' to the float16 ones, where there are both */
export async function runRecordedCalls(
  context: ParityContext,
  stem: 'io' | 'io.fp16',
): Promise<Comparison[]> {
  const { needs_model: needsModel, calls } = await readRecord<Recording>(context.files, `${stem}.json`);
  const { only } = context;
  const tensors = await openRecordedTensors(context.files, stem);
  const comparisons: Comparison[] = [];
  const session = new LastSession();
  for (const call of calls) {
    if (only !== undefined && call.label !== only) continue;
    const label = stem === 'io' ? call.label : `fp16/${call.label}`;
    const expected = Object.keys(call.outputs).map(
      (output): ComparedOutput => ({
        case: context.name,
        call: label,
        output,
        tolerance: context.tolerance,
      }),
    );
    const run = async () => {
      const found = await runCall(context, call, tensors, {
        weights: weightsOf(stem),
        needsModel: needsModel === true,
        session,
      });
      return Promise.all(
        expected.map(async (what) => {
          const wanted = await tensors.read(`${call.label}/out.${what.output}`);
          return compareOutput(what, found[what.output]!, wanted);
        }),
      );
    };
    comparisons.push(...(await comparing(expected, run)));
  }
  await session.dispose();
  return comparisons;
}

interface CallOptions {
  readonly weights: readonly CheckpointVariant[];
  readonly needsModel: boolean;
  readonly session: LastSession;
}

async function runCall(
  context: ParityContext,
  call: RecordedCall,
  tensors: RecordedTensors,
  { weights, needsModel, session }: CallOptions,
): Promise<Record<string, FloatTensor>> {
  const { files, model, runtime, variant } = context;
  const inputs: Record<string, FloatTensor> = {};
  for (const name of Object.keys(call.inputs)) inputs[name] = await tensors.read(`${call.label}/in.${name}`);
  if (needsModel && !model) {
    throw new EngineError('argument-invalid', 'This case records calls of a full checkpoint.', {
      found: 'no --model',
      wanted: 'its folder, by --model DIR',
    });
  }
  const component = call.component ?? '';
  if (component === 'pipeline') {
    // The whole pipeline wants the memory.
    await session.dispose();
    return runRecordedStep(context, inputs);
  }
  const outputs = Object.keys(call.outputs).map((name) => (name === everySecond ? 'sample' : name));
  const found = await runNetworkCall({
    files: needsModel ? model! : files,
    folder: component,
    runtime,
    variant,
    weights,
    inputs,
    outputs,
    session,
  });
  return everySecond in call.outputs ? { ...found, [everySecond]: found.sample! } : found;
}

const everySecond = 'sample_every_second';

function weightsOf(stem: 'io' | 'io.fp16'): readonly CheckpointVariant[] {
  return stem === 'io' ? ['full', 'fp16'] : ['fp16'];
}

function compareOutput(what: ComparedOutput, found: FloatTensor, wanted: FloatTensor): Comparison {
  if (what.output === 'image_u8') return comparePictures(what, found.data, wanted.data);
  const values = what.output === everySecond ? sampleEverySecond(found) : found.data;
  return compareValues(what, values, wanted.data);
}

/** Rows and columns 0, 2, 4, ... of [B, C, H, W]. */
function sampleEverySecond({ data, shape }: FloatTensor): number[] {
  const [, , height, width] = shape as [number, number, number, number];
  const values: number[] = [];
  for (let row = 0; row < data.length / width; row++) {
    if ((row % height) % 2 === 1) continue;
    for (let column = 0; column < width; column += 2) values.push(data[row * width + column]!);
  }
  return values;
}
