/** The Runtime port over onnxruntime-web: WebGPU and WASM in a worker, WASM in Node. */
import { EngineError } from '../../engine/core/errors.ts';
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { relu } from '../../engine/onnx/ops/activation.ts';
import type { Runtime } from '../../engine/pipeline/ports.ts';
import { DeviceErrors } from './device-errors.ts';
import { noFiles } from './no-files.ts';
import { openExported } from './open-exported.ts';
import { ort } from './ort-build.ts';
import { configureOrt, type OrtAssets, ortThreads } from './ort-environment.ts';
import { deviceLostError } from './ort-errors.ts';
import { createOrtSession, type OrtBackend } from './ort-session.ts';
import type { AdapterReport } from './webgpu-adapter.ts';
import { HeapBudget } from './weight-budget.ts';
import { widenSums } from './wide-sums.ts';

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

/** What every WebGPU adapter can bind (the specification's default limit). */
const defaultBindingBytes = 128 * 2 ** 20;

/** A decoder takes up to ten times its largest tensor (measured on WASM): in a heap of 4 GiB, or on a card of a few. */
const largestHeldBytes = 256 * 2 ** 20;

interface Disposable {
  dispose(): Promise<void>;
}

const safeVariant: GraphVariant = { attention: 'decomposed', dtype: 'f32' };

/**
 * Opens a backend: starts the runtime and, on WebGPU, its device.
 * @returns a runtime that the caller disposes
 * @throws EngineError 'backend-unavailable' where it can't start
 */
export async function createOrtWebRuntime(options: OrtWebRuntimeOptions): Promise<Runtime> {
  const { backend, adapter, variant = safeVariant } = options;
  await configureOrt(options);
  const loss = deviceLoss();
  const sessions = new Set<Disposable>();
  const track = <Loaded extends Disposable>(session: Loaded): Loaded => {
    const tracked: Loaded = {
      ...session,
      async dispose() {
        if (sessions.delete(tracked)) await session.dispose();
      },
    };
    sessions.add(tracked);
    return tracked;
  };
  let shared: OrtBackend = {
    backend,
    lost: loss.lost,
    heap: new HeapBudget(backend === 'wasm' ? undefined : Number.POSITIVE_INFINITY),
  };
  const readsBlobs = options.assets?.build === 'jspi';
  const create: Runtime['createSession'] = async (graph, files, sessionOptions = {}) =>
    track(await createOrtSession(graph, files, sessionOptions, { ...shared, readsBlobs }));
  await openBackend(create, backend);
  const device: GPUDevice | undefined = backend === 'webgpu' ? await ort().env.webgpu.device : undefined;
  if (device) {
    shared = { ...shared, errors: new DeviceErrors(device) };
    widenSums(device);
    void device.lost.then(({ message, reason }) => loss.report(message || reason || 'no reason given'));
  }
  return {
    get capabilities() {
      return backend === 'webgpu'
        ? {
            backend,
            float16: adapter?.float16 ?? false,
            threads: 0,
            device: adapter?.device ?? 'a graphics adapter',
            largestTensorBytes: Math.min(
              adapter?.largestBindingBytes ?? defaultBindingBytes,
              largestHeldBytes,
            ),
            keepsTensors: true,
          }
        : {
            backend,
            float16: false,
            threads: ortThreads(),
            device: 'WebAssembly',
            largestTensorBytes: largestHeldBytes,
          };
    },
    variant,
    createSession: create,
    openExported: async (files, path, signal) => track(await openExported(files, path, signal, shared)),
    async dispose() {
      loss.ignore();
      await Promise.all([...sessions].map((session) => session.dispose()));
    },
  };
}

/**
 * A session of one node, held until the end: onnxruntime-web 1.30 destroys its graphics device with the last
 * session and opens another for the next.
 */
async function openBackend(create: Runtime['createSession'], backend: string): Promise<void> {
  const g = new GraphBuilder({ name: 'anchor', dtype: 'f32' });
  g.output(relu(g, g.floatInput('x', [1])), 'y');
  try {
    await create(g.build(), noFiles);
  } catch (thrown) {
    const { found, message } = EngineError.from(thrown);
    throw new EngineError('backend-unavailable', `The ${backend} backend could not start.`, {
      subject: backend,
      found: found ?? message,
      remedy: 'Update the browser or the graphics driver.',
      cause: thrown,
    });
  }
}

interface DeviceLoss {
  readonly lost: AbortSignal;
  report(reason: string): void;
  /** From now on the device goes because we let it go. */
  ignore(): void;
}

function deviceLoss(): DeviceLoss {
  const lost = new AbortController();
  let ignored = false;
  return {
    lost: lost.signal,
    report(reason) {
      if (!ignored) lost.abort(deviceLostError(reason));
    },
    ignore() {
      ignored = true;
    },
  };
}
