/** Whole pipelines: `io_rf.json` (the authors' rectified-flow loop), `io_sd.json` (diffusers' samplers). */
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import { describeFolder } from '../pipeline/describe-folder.ts';
import type { GenerationResult } from '../pipeline/generation.ts';
import type { ModelDescriptor } from '../pipeline/model.ts';
import { ModelHost } from '../pipeline/model-host.ts';
import type { Picture } from '../pipeline/picture.ts';
import { applyGuidance } from '../samplers/guidance.ts';
import { initialState } from '../samplers/initial-state.ts';
import { createRectifiedFlow } from '../samplers/rectified-flow.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { mountedFiles } from '../weights/mounted-files.ts';
import { type ComparedOutput, type Comparison, comparePictures, compareValues } from './comparison.ts';
import { overlaidFiles } from './overlaid-files.ts';
import { comparing, type ParityContext } from './parity-context.ts';
import { openRecordedTensors, type RecordedTensors, readRecord } from './recorded-tensors.ts';
import { watchingDecoder } from './watched-decoder.ts';

interface RecordedPipeline {
  readonly num_inference_steps?: number;
  readonly guidance_scale?: number;
  readonly negative_prompt?: string;
  readonly clip_skip?: number;
  /** Decoded by AutoencoderTiny: the case taesd-tiny beside this one. */
  readonly tiny?: boolean;
}

const drawnOutputs = ['latents', 'decoder_in', 'decoded', 'image_u8'];

interface PipelineRecording {
  readonly cases: Readonly<Record<string, RecordedPipeline>>;
  readonly [config: string]: unknown;
}

/** @param stem 'io_rf' | 'io_sd' */
export async function runPipelineCases(
  context: ParityContext,
  stem: 'io_rf' | 'io_sd',
): Promise<Comparison[]> {
  const recording = await readRecord<PipelineRecording>(context.files, `${stem}.json`);
  const tensors = await openRecordedTensors(context.files, stem);
  const comparisons: Comparison[] = [];
  for (const [call, recorded] of Object.entries(recording.cases)) {
    const outputs = call.startsWith('rf_analytic') ? ['latents'] : drawnOutputs;
    const expected = outputs.map(
      (output): ComparedOutput => ({ case: context.name, call, output, tolerance: context.tolerance }),
    );
    const run = () =>
      call.startsWith('rf_analytic')
        ? compareLoop(expected[0]!, tensors)
        : comparePipeline(context, expected, recorded, tensors, schedulerOf(call, recording));
    comparisons.push(...(await comparing(expected, run)));
  }
  return comparisons;
}

/** The sampler's loop alone: the recorded velocities, guided, against the latents after each step. */
async function compareLoop(what: ComparedOutput, tensors: RecordedTensors): Promise<Comparison[]> {
  const read = (name: string) => tensors.read(`${what.call}/${name}`);
  const [latents, times, velocities] = [await read('latents'), await read('t'), await read('v_pred')];
  const [stepCount, passes] = times.shape as [number, number];
  const size = latents.data.length / stepCount;
  if (velocities.shape[0] !== stepCount) {
    return checkLoopByFormula(what, tensors, latents, stepCount, passes);
  }
  const velocityAt = (i: number, pass: number) =>
    velocities.data.subarray((i * passes + pass) * size, (i * passes + pass + 1) * size);
  return walk(what, tensors, latents, stepCount, (_, i) =>
    passes === 1
      ? velocityAt(i, 0)
      : applyGuidance(velocityAt(i, 0), velocityAt(i, 1), guidanceOf(what.call)),
  );
}

/** Where only the first velocity is recorded: v = 0.3 sin(x) + 0.1 t / 1000 + 0.05 mean(text), as io_rf.json says. */
async function checkLoopByFormula(
  what: ComparedOutput,
  tensors: RecordedTensors,
  latents: FloatTensor,
  stepCount: number,
  passes: number,
): Promise<Comparison[]> {
  const meanOf = async (name: string) => {
    const { data } = await tensors.read(`common/${name}`);
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  };
  const prompt = await meanOf('embeds_prompt');
  const negative = await meanOf('embeds_negative');
  const velocity = (x: Float32Array, timestep: number, text: number) =>
    x.map((value) => Math.sin(value) * 0.3 + (0.1 * timestep) / 1000 + 0.05 * text);
  return walk(what, tensors, latents, stepCount, (x, _, timestep) =>
    passes === 1
      ? velocity(x, timestep, prompt)
      : applyGuidance(velocity(x, timestep, negative), velocity(x, timestep, prompt), guidanceOf(what.call)),
  );
}

async function walk(
  what: ComparedOutput,
  tensors: RecordedTensors,
  recorded: FloatTensor,
  stepCount: number,
  velocityOf: (x: Float32Array, i: number, timestep: number) => Float32Array,
): Promise<Comparison[]> {
  const sampler = createRectifiedFlow();
  const plan = sampler.plan(stepCount);
  let state = initialState(plan, (await tensors.read('common/init_latents')).data);
  const path: number[] = [];
  for (const [i, { timestep }] of plan.steps.entries()) {
    const velocity = velocityOf(state.latents, i, timestep);
    state = sampler.step(plan, state, velocity, i).state;
    path.push(...state.latents);
  }
  return [compareValues(what, path, recorded.data)];
}

function guidanceOf(call: string): number {
  return Number(/_g([\d.]+)/.exec(call)?.[1]);
}

async function comparePipeline(
  context: ParityContext,
  expected: readonly ComparedOutput[],
  recorded: RecordedPipeline,
  tensors: RecordedTensors,
  scheduler: object | undefined,
): Promise<Comparison[]> {
  const { call } = expected[0]!;
  const decoded = await tensors.read(`${call}/decoded`);
  const noise = (await tensors.read('common/init_latents')).data;
  const steps: Float32Array[] = [];
  const { stepCount, guidanceScale } = {
    stepCount: recorded.num_inference_steps ?? 1,
    guidanceScale: recorded.guidance_scale ?? 0,
  };
  const files = recordedFolder(context, recorded, scheduler);
  const drawn = await drawRecorded(context, files, {
    descriptor: await describeFolder(files),
    flow: call.startsWith('rf_'),
    size: { width: decoded.shape[3]!, height: decoded.shape[2]! },
    stepCount,
    guidanceScale,
    clipSkip: recorded.clip_skip,
    ids: await tensors.readIds('common/ids_prompt'),
    negativeIds: await tensors.readIds(recorded.negative_prompt ? 'common/ids_negative' : 'common/ids_empty'),
    noise,
    onStep: (latents) => steps.push(latents.slice()),
  });
  const path = Float32Array.from(steps.flatMap((latents) => [...latents]));
  const found: Record<string, ArrayLike<number>> = {
    latents: path,
    decoder_in: drawn.decoderInput,
    decoded: drawn.decoded.data,
    image_u8: rgbOf(drawn.result),
  };
  return Promise.all(
    expected.map(async (what) => {
      const wanted = (await tensors.read(`${call}/${what.output}`)).data;
      const compare = what.output === 'image_u8' ? comparePictures : compareValues;
      return compare(what, found[what.output]!, wanted);
    }),
  );
}

/** The case's folder with the scheduler and the decoder of the recorded run. */
function recordedFolder(
  { files, sibling }: ParityContext,
  { tiny }: RecordedPipeline,
  scheduler: object | undefined,
): ModelFiles {
  const scheduled = scheduler
    ? overlaidFiles(files, 'scheduler/scheduler_config.json', JSON.stringify(scheduler))
    : files;
  if (!tiny) return scheduled;
  if (sibling) return mountedFiles(scheduled, 'vae', sibling('taesd-tiny'));
  throw new EngineError('file-not-found', 'This run was decoded by the case taesd-tiny, which is not given.');
}

interface RecordedRun {
  readonly descriptor: ModelDescriptor;
  /** Drawn by rectified flow whatever the folder says. */
  readonly flow: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly stepCount: number;
  readonly guidanceScale: number;
  readonly clipSkip?: number | undefined;
  readonly ids: readonly number[];
  readonly negativeIds?: readonly number[] | undefined;
  readonly noise: Float32Array;
  readonly onStep?: (latents: Float32Array) => void;
}

async function drawRecorded(
  { runtime, variant, clock }: ParityContext,
  files: ModelFiles,
  run: RecordedRun,
): Promise<{ result: GenerationResult; decoded: FloatTensor; decoderInput: Float32Array }> {
  const { ids, negativeIds, noise, size, stepCount, guidanceScale, flow } = run;
  let decoderInput: Float32Array = new Float32Array(0);
  const host = new ModelHost({
    runtime: watchingDecoder(runtime, (latents) => {
      decoderInput = latents;
    }),
    files,
    variant,
    clock,
    loadTokenizer: async () => recordedTokens(ids),
  });
  try {
    const pipeline = await host.open(run.descriptor, { size, clipSkip: run.clipSkip });
    const result = await pipeline.generate(
      {
        prompt: '',
        seed: 0,
        ...size,
        stepCount,
        guidanceScale,
        ...(flow ? { sampler: 'rectified-flow' } : {}),
      },
      {
        recorded: { ids, negativeIds, noise },
        onStep: ({ latents }) => {
          run.onStep?.(latents);
        },
      },
    );
    const decoded = await pipeline.decodeSample(result.latents.data);
    return { result, decoded, decoderInput };
  } finally {
    await host.dispose();
  }
}

/** One rectified-flow step of a full checkpoint: ids and initial latents to latents and 8-bit picture. */
export async function runRecordedStep(
  context: ParityContext,
  inputs: Readonly<Record<string, FloatTensor>>,
): Promise<Record<string, FloatTensor>> {
  const files = context.model!;
  const { latents, input_ids: ids } = inputs;
  if (!latents || !ids) throw new EngineError('tensor-missing', 'The call records no latents or no ids.');
  const descriptor = await describeFolder(files);
  const [, , height, width] = latents.shape as [number, number, number, number];
  const [[side]] = descriptor.sizes as [[number, number]];
  const factor =
    side / ((await readRecord<{ sample_size?: number }>(files, 'unet/config.json')).sample_size ?? 64);
  const { result } = await drawRecorded(context, files, {
    descriptor,
    flow: true,
    size: { width: width * factor, height: height * factor },
    stepCount: 1,
    guidanceScale: 0,
    ids: [...ids.data],
    noise: latents.data,
  });
  return { latents: result.latents, image_u8: planesOf(result) };
}

/** The ids are given; only their number is asked for. */
function recordedTokens(ids: readonly number[]): Tokenizer {
  return { encode: () => ({ ids, tokenCount: ids.length, truncated: '' }) };
}

/** [H, W, 3], as numpy pictures lie. */
function rgbOf({ rgba }: Picture): Float32Array {
  return Float32Array.from(
    { length: (rgba.length / 4) * 3 },
    (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)]!,
  );
}

/** [1, 3, H, W] */
function planesOf({ rgba, width, height }: Picture): FloatTensor {
  const plane = width * height;
  const values = Float32Array.from(
    { length: plane * 3 },
    (_, i) => rgba[(i % plane) * 4 + Math.floor(i / plane)]!,
  );
  return floatTensor([1, 3, height, width], values);
}

/** The scheduler that an SD case was sampled with; undefined for the folder's own. */
function schedulerOf(call: string, recording: PipelineRecording): object | undefined {
  const kind = ['ddim', 'dpm', 'euler'].find((name) => call.includes(name));
  const config = kind === undefined ? undefined : recording[`${kind}_config`];
  if (typeof config !== 'object' || config === null) return undefined;
  // The recorded config is the class's default; the call's name tells what was asked for on top.
  return call.includes('trailing')
    ? { ...config, timestep_spacing: 'trailing', _use_default_values: [] }
    : config;
}
