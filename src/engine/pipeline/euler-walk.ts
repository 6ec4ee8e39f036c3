/** A whole flow without its latents leaving the backend: nothing is read back before the last step. */
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { eulerStepGraph } from './euler-step-graph.ts';
import type { Feeds, KeptTensor, Runtime, Session } from './ports.ts';

export interface EulerWalk {
  /** One picture's latents [C, h, w] before the first step. */
  readonly latents: Float32Array;
  readonly steps: readonly { readonly timestep: number; readonly dt: number }[];
  /** As for an evaluation: the unconditional first where there are two. */
  readonly texts: readonly FloatTensor[];
  readonly guidanceScale: number;
  /** Before each step; what it throws ends the walk. */
  readonly onStep: () => void;
}

export interface EulerWalker {
  /**
   * @param evaluate the network at a sample [B, C, h, w]: its output of that shape, kept
   * @returns the latents after the last step, [C, h, w]
   */
  walk(
    walk: EulerWalk,
    evaluate: (sample: Feeds[string], timestep: number) => Promise<KeptTensor>,
  ): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** @param shape of the latents, [C, h, w] @param files any: the steps' graphs have no weights */
export function createEulerWalker(
  runtime: Runtime,
  files: ModelFiles,
  shape: readonly number[],
): EulerWalker {
  const sessions = new Map<number, Promise<Session>>();
  const sessionFor = (batch: 1 | 2) => {
    const made =
      sessions.get(batch) ?? runtime.createSession(eulerStepGraph(shape, batch), files, { outputs: 'kept' });
    sessions.set(batch, made);
    made.catch(() => sessions.delete(batch));
    return made;
  };
  return {
    async walk({ latents, steps, texts, guidanceScale, onStep }, evaluate) {
      const batch = texts.length === 2 ? 2 : 1;
      const session = await sessionFor(batch);
      let state: Feeds[string] = floatTensor([1, ...shape], latents);
      let sample: Feeds[string] = batch === 1 ? state : floatTensor([2, ...shape], twice(latents));
      const held = new Set<KeptTensor>();
      const release = () => {
        for (const tensor of held) tensor.dispose();
        held.clear();
      };
      try {
        for (const [i, { timestep, dt }] of steps.entries()) {
          onStep();
          const output = await evaluate(sample, timestep);
          held.add(output);
          const feeds = {
            state,
            out_sample: output,
            dt: floatTensor([1], Float32Array.of(dt)),
            ...(batch === 2 ? { guidance_scale: floatTensor([1], Float32Array.of(guidanceScale)) } : {}),
          };
          const last = i === steps.length - 1;
          const next: Record<string, Feeds[string]> = last
            ? await session.run(feeds)
            : await session.keep!(feeds);
          release();
          state = next.next_state!;
          sample = next.sample!;
          for (const tensor of [state, sample]) if ('kept' in tensor) held.add(tensor);
        }
      } finally {
        release();
      }
      return (state as FloatTensor).data;
    },
    async dispose() {
      for (const made of sessions.values()) await made.then((session) => session.dispose());
      sessions.clear();
    },
  };
}

function twice(values: Float32Array): Float32Array {
  const both = new Float32Array(2 * values.length);
  both.set(values);
  both.set(values, values.length);
  return both;
}
