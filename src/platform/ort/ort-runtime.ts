/** The Runtime port over onnxruntime-web: WebGPU and WASM in a worker, WASM in Node. */
import { env } from 'onnxruntime-web';
import { EngineError } from '../../engine/core/errors.ts';
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import type { Runtime, Session } from '../../engine/pipeline/ports.ts';
import { configureOrt, type OrtAssets, ortThreads } from './ort-environment.ts';
import { deviceLostError } from './ort-errors.ts';
import { createOrtSession } from './ort-session.ts';
import type { AdapterReport } from './webgpu-adapter.ts';

export interface OrtWebRuntimeOptions {
  readonly backend: 'webgpu' | 'wasm';
  /** How graphs are shaped here. Default: decomposed attention in float32, which is right on every backend. */
  readonly variant?: GraphVariant | undefined;
  /** Threads of the CPU kernels; the first runtime of a worker or process decides. */
  readonly threads?: number | undefined;
  /** The runtime's files, same origin; needed in a browser. */
  readonly assets?: OrtAssets | undefined;
  /** What `probeWebGpu` found; needed for 'webgpu'. */
  readonly adapter?: AdapterReport | undefined;
}

const safeVariant: GraphVariant = { attention: 'decomposed', dtype: 'f32' };

/**
 * Opens a backend: starts the runtime and, on WebGPU, its device.
 * @returns a runtime that the caller disposes
 * @throws EngineError 'backend-unavailable' where it can't start
 */
export async function createOrtWebRuntime(options: OrtWebRuntimeOptions): Promise<Runtime> {
  const { backend, adapter, variant = safeVariant } = options;
  if (backend === 'webgpu' && !adapter) {
    throw new EngineError('backend-unavailable', 'WebGPU needs a probed adapter.', {
      subject: backend,
      remedy: 'Call probeWebGpu first.',
    });
  }
  configureOrt(options);
  const loss = deviceLoss();
  const sessions = new Set<Session>();
  let watched = backend === 'wasm';
  return {
    get capabilities() {
      return backend === 'webgpu'
        ? { backend, float16: adapter!.float16, threads: 0, device: adapter!.device }
        : { backend, float16: false, threads: ortThreads(), device: 'WebAssembly' };
    },
    variant,
    async createSession(graph, files, sessionOptions = {}) {
      const session = await createOrtSession(graph, files, sessionOptions, { backend, lost: loss.lost });
      if (!watched) {
        // The device exists from the first session on.
        watched = true;
        void watchDevice(loss.report);
      }
      const tracked: Session = {
        run: (feeds) => session.run(feeds),
        async dispose() {
          if (sessions.delete(tracked)) await session.dispose();
        },
      };
      sessions.add(tracked);
      return tracked;
    },
    async dispose() {
      await Promise.all([...sessions].map((session) => session.dispose()));
    },
  };
}

interface DeviceLoss {
  /** Rejects once; never resolves. */
  readonly lost: Promise<never>;
  report(reason: string): void;
}

function deviceLoss(): DeviceLoss {
  let report: (reason: string) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    report = (reason) => reject(deviceLostError(reason));
  });
  // Without a run under way nobody listens, and that is no error.
  lost.catch(() => {});
  return { lost, report };
}

async function watchDevice(report: (reason: string) => void): Promise<void> {
  const device: GPUDevice | undefined = await env.webgpu.device;
  const info = await device?.lost;
  if (info) report(info.message || info.reason || 'no reason given');
}
