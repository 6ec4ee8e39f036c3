/** What a pipeline gives its decoder: the recorded runs have it, and no result tells it. */
import type { Runtime } from '../pipeline/ports.ts';

/** Decoders' graphs, and no others, have an input of this name. */
const decoderInput = 'latents';

/**
 * The same runtime; `onDecode` is told each decoder's input, [1 * C * h * w], before the run.
 */
export function watchingDecoder(runtime: Runtime, onDecode: (latents: Float32Array) => void): Runtime {
  return {
    get capabilities() {
      return runtime.capabilities;
    },
    variant: runtime.variant,
    async createSession(graph, files, options) {
      const session = await runtime.createSession(graph, files, options);
      if (!graph.inputs.some(({ name }) => name === decoderInput)) return session;
      return {
        ...session,
        run(feeds) {
          const latents = feeds[decoderInput];
          if (latents && 'dtype' in latents && latents.dtype === 'f32') onDecode(latents.data.slice());
          return session.run(feeds);
        },
      };
    },
    dispose: () => runtime.dispose(),
  };
}
