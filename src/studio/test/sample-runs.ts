/** Values for the tests of state and words: the shapes that the worker sends, at 2 x 2 pixels. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type {
  BackendReport,
  DrawEvent,
  DrawRequest,
  DrawResult,
  DrawStep,
  Picture,
} from '../../worker/protocol.ts';
import { finishSide, idleSide, queueSide, receiveEvent, type SideRun, startSide } from '../state/side.ts';

/** A picture whose every value is `level`, so that pictures can be told apart. */
export function picture(level: number): Picture {
  return { width: 2, height: 2, rgba: new Uint8ClampedArray(16).fill(level) };
}

export const request = (change: Partial<DrawRequest> = {}): DrawRequest => ({
  model: 'many',
  prompt: 'a red apple',
  seed: 7,
  stepCount: 4,
  guidanceScale: 2.5,
  width: 64,
  height: 64,
  previews: true,
  ...change,
});

/** z_0 of the sample runs, 1 channel of 1 x 2 values, and its picture. */
export const noiseEvent: DrawEvent = {
  kind: 'noise',
  latents: { channels: 1, height: 1, width: 2, values: Float32Array.of(0, 4) },
  time: 0,
  picture: picture(1),
};

/** Latents go from (0, 4) to (1, 0); every end point is predicted right. */
export const drawStep = (i: number, stepCount: number): DrawStep => ({
  i,
  stepCount,
  timestep: 1000 * (1 - i / stepCount),
  time: (i + 1) / stepCount,
  milliseconds: 10,
  latents: Float32Array.of((i + 1) / stepCount, 4 - (4 * (i + 1)) / stepCount),
  endpoint: Float32Array.of(1, 0),
  straightness: {
    starts: Array.from({ length: i + 1 }, (_, k) => k / stepCount),
    deviations: new Array<number>(i + 1).fill(0.1),
    mean: 0.1,
  },
  latentsPicture: picture(100 + i),
  endpointPicture: picture(200 + i),
});

export const drawResult = (change: Partial<DrawResult> = {}): DrawResult => ({
  picture: picture(255),
  timings: { textMs: 5, stepMs: [10, 10, 10, 10], decodeMs: 15, totalMs: 60 },
  cold: false,
  loadMs: 0,
  evaluations: 4,
  sampler: 'rectified-flow',
  tokenCount: 5,
  truncated: '',
  deviations: [0.1, 0.2, 0.1, 0],
  straightness: 0.1,
  backend: 'webgpu',
  variant: { attention: 'fused', dtype: 'f32' },
  float32Stages: [],
  loaded: [],
  ...change,
});

/** A run with `steps` of its evaluations done. */
export function runningSide(steps: number, change: Partial<DrawRequest> = {}): SideRun {
  const asked = request(change);
  let side = startSide(queueSide(idleSide, asked));
  side = receiveEvent(side, noiseEvent, 1000);
  for (let i = 0; i < steps; i++) {
    side = receiveEvent(side, { kind: 'step', step: drawStep(i, asked.stepCount) }, 1000 + 20 * (i + 1));
  }
  return side;
}

export function doneSide(change: Partial<DrawResult> = {}, asked: Partial<DrawRequest> = {}): SideRun {
  const side = runningSide(asked.stepCount ?? 4, asked);
  return finishSide(receiveEvent(side, { kind: 'decode' }, 1100), drawResult(change));
}

const model = (id: string, change: Partial<ModelDescriptor>): ModelDescriptor => ({
  id,
  title: id,
  lineage: 'nano',
  components: { tokenizer: '', text_encoder: '', unet: '', vae: '' },
  steps: { minimum: 1, maximum: 50, initial: 25 },
  guidance: { minimum: 1, maximum: 5, initial: 2.5 },
  sizes: [[64, 64]],
  licence: { name: 'Apache-2.0' },
  ...change,
});

export const oneStepModel = model('one', { steps: { minimum: 1, maximum: 1, initial: 1 }, guidance: null });
export const manyStepModel = model('many', {});
export const strangerModel = model('stranger', { lineage: 'other' });

export const backendReport = (change: Partial<BackendReport> = {}): BackendReport => ({
  backend: 'webgpu',
  variant: { attention: 'fused', dtype: 'f32' },
  device: 'Some adapter',
  threads: 0,
  reason: 'Every check passed.',
  fallback: '',
  checks: [{ name: 'conv 3x3', pass: true, relativeError: 1e-7, milliseconds: 3 }],
  runtimeVersion: '1.30.0',
  ...change,
});
