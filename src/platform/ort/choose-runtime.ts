/** Chooses a backend and a graph variant: WebGPU where its numbers are right and it is a real card, else WASM. */
import { EngineError } from '../../engine/core/errors.ts';
import type { Clock, Runtime } from '../../engine/pipeline/ports.ts';
import type { BackendReport } from './backend-report.ts';
import { checkKeptTensors } from './kept-check.ts';
import { type OrtEnvironment, ortVersion } from './ort-environment.ts';
import { createOrtWebRuntime } from './ort-runtime.ts';
import { runSelfTest, type SelfTestVerdict } from './self-test.ts';
import { type AdapterReport, probeWebGpu } from './webgpu-adapter.ts';

/** 'auto', or the one backend that may be used. */
export type BackendWish = 'auto' | 'webgpu' | 'wasm';

export interface ChooseRuntimeOptions extends OrtEnvironment {
  /** `navigator.gpu`. */
  readonly gpu: GPU | undefined;
  readonly now: Clock;
}

export interface ChosenRuntime {
  /** The caller disposes it. */
  readonly runtime: Runtime;
  readonly report: BackendReport;
}

/** @throws EngineError 'backend-unavailable', telling why each backend was passed over */
export async function chooseRuntime(
  wish: BackendWish,
  options: ChooseRuntimeOptions,
): Promise<ChosenRuntime> {
  const webgpu = wish === 'wasm' ? undefined : await tryWebGpu(wish, options);
  if (webgpu && 'runtime' in webgpu) return webgpu;
  const fallback = webgpu?.passedOver ?? '';
  if (wish === 'webgpu') throw unavailable(wish, fallback);
  const wasm = await tryBackend('wasm', options);
  if ('runtime' in wasm) return { ...wasm, report: { ...wasm.report, fallback } };
  throw unavailable(wish, [fallback, wasm.passedOver].filter(Boolean).join(' '));
}

interface PassedOver {
  /** Sentences for the reader. */
  readonly passedOver: string;
}

async function tryWebGpu(
  wish: BackendWish,
  options: ChooseRuntimeOptions,
): Promise<ChosenRuntime | PassedOver> {
  const probe = await probeWebGpu(options.gpu);
  if (!probe.found) return { passedOver: probe.reason };
  if (wish === 'auto' && probe.adapter.software) {
    // Seen with SwiftShader: a small network takes 3.3 s on it and 0.1 s in WASM.
    const reason = `WebGPU's adapter here is software (${probe.adapter.device}), which is slower than WASM.`;
    return { passedOver: reason };
  }
  return tryBackend('webgpu', options, probe.adapter);
}

async function tryBackend(
  backend: 'webgpu' | 'wasm',
  options: ChooseRuntimeOptions,
  adapter?: AdapterReport,
): Promise<ChosenRuntime | PassedOver> {
  const { assets, threads, now } = options;
  const name = backend === 'webgpu' ? 'WebGPU' : 'WASM';
  let runtime: Runtime | undefined;
  let verdict: SelfTestVerdict;
  try {
    runtime = await createOrtWebRuntime({ backend, assets, threads, adapter });
    verdict = await runSelfTest(runtime, now);
  } catch (thrown) {
    await runtime?.dispose();
    const { message, found } = EngineError.from(thrown);
    return { passedOver: `${name} failed: ${message}${found ? ` (${found})` : ''}` };
  }
  const { variant, reason, checks } = verdict;
  if (!variant) {
    await runtime.dispose();
    return { passedOver: `${name} failed its self-test: ${reason}` };
  }
  const kept = runtime.capabilities.keepsTensors ? await checkKeptTensors(runtime, now) : undefined;
  const keeps = kept?.pass ?? false;
  const { device, threads: threadsInUse } = runtime.capabilities;
  const report: BackendReport = {
    backend,
    variant,
    device,
    threads: threadsInUse,
    reason,
    fallback: '',
    checks: kept ? [...checks, kept] : checks,
    runtimeVersion: `onnxruntime-web ${ortVersion()}`,
  };
  return { runtime: asVerified(runtime, variant, keeps), report };
}

/** With what the self-test found right, and nothing else. */
function asVerified(runtime: Runtime, variant: Runtime['variant'], keepsTensors: boolean): Runtime {
  return {
    get capabilities() {
      return { ...runtime.capabilities, keepsTensors };
    },
    variant,
    createSession: (graph, files, options) => runtime.createSession(graph, files, options),
    ...(runtime.openExported && { openExported: runtime.openExported }),
    dispose: () => runtime.dispose(),
  };
}

function unavailable(wish: BackendWish, found: string): EngineError {
  return new EngineError('backend-unavailable', 'No backend can draw here.', {
    subject: wish,
    found,
    wanted: wish === 'webgpu' ? 'WebGPU with right numbers' : 'WebGPU or WASM with right numbers',
    remedy:
      wish === 'webgpu'
        ? 'Open the page without "?backend=webgpu", so that WASM can be used.'
        : 'Update the browser.',
  });
}
