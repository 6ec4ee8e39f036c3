/** Samplers: `schedulers.json` lists configs, each with timesteps and trajectories at several N. */
import { initialState } from '../samplers/initial-state.ts';
import type { Sampler, SamplerPlan } from '../samplers/sampler.ts';
import { createSampler, type SchedulerConfig } from '../samplers/scheduler-config.ts';
import { type ComparedOutput, type Comparison, compareValues } from './comparison.ts';
import { comparing, type ParityContext } from './parity-context.ts';
import { openRecordedTensors, type RecordedTensors, readRecord } from './recorded-tensors.ts';

interface SchedulerRecording {
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly class: string;
        readonly config: SchedulerConfig;
        readonly step_kwargs?: { readonly eta?: number };
        readonly N: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

export async function runSchedulerCases(context: ParityContext): Promise<Comparison[]> {
  const { cases } = await readRecord<SchedulerRecording>(context.files, 'schedulers.json');
  const tensors = await openRecordedTensors(context.files, 'schedulers');
  const initial = (await tensors.read('common/init_latents')).data;
  const comparisons: Comparison[] = [];
  for (const [name, { class: className, config, step_kwargs: options, N }] of Object.entries(cases)) {
    for (const stepCount of Object.keys(N)) {
      const call = `${name}/N${stepCount}`;
      const outputs = ['timesteps', 'sigmas', 'traj'].filter((output) => tensors.has(`${call}/${output}`));
      const expected = outputs.map(
        (output): ComparedOutput => ({ case: context.name, call, output, tolerance: context.tolerance }),
      );
      const run = async () => {
        const sampler = createSampler({ ...config, _class_name: className }, options);
        const plan = sampler.plan(Number(stepCount));
        const found: Record<string, ArrayLike<number>> = {
          timesteps: plan.steps.map(({ timestep }) => timestep),
          traj: await walk(sampler, plan, initial, tensors, call),
          ...(plan.sigmas ? { sigmas: plan.sigmas } : {}),
        };
        const present = expected.filter(({ output }) => found[output] !== undefined);
        return Promise.all(
          present.map(async (what) =>
            compareValues(what, found[what.output]!, (await tensors.read(`${call}/${what.output}`)).data),
          ),
        );
      };
      comparisons.push(...(await comparing(expected, run)));
    }
  }
  return comparisons;
}

/** Our latents feed the recorded model, so that our errors add up. */
async function walk(
  sampler: Sampler,
  plan: SamplerPlan,
  initial: Float32Array,
  tensors: RecordedTensors,
  call: string,
): Promise<number[]> {
  const noise = tensors.has(`${call}/noise`)
    ? (await tensors.read(`${call}/noise`)).data
    : new Float32Array();
  let state = initialState(plan, initial);
  const path = [...state.latents];
  for (const [i, { timestep }] of plan.steps.entries()) {
    const input = sampler.scaleModelInput(plan, state.latents, i);
    const draw = noise.subarray(i * initial.length, (i + 1) * initial.length);
    const fresh = plan.stochastic && draw.length > 0 ? draw : new Float32Array(initial.length);
    state = sampler.step(plan, state, analyticModel(input, timestep), i, fresh).state;
    path.push(...state.latents);
  }
  return path;
}

/** eps = 0.3 sin(x) + 0.1 t / 1000 in float32, as schedulers.json says. */
function analyticModel(input: Float32Array, timestep: number): Float32Array {
  const { fround, sin } = Math;
  const shift = fround(fround(fround(0.1) * fround(timestep)) / 1000);
  return input.map((x) => fround(fround(sin(x)) * fround(0.3)) + shift);
}
