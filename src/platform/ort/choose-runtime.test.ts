import { describe, expect, it } from 'vitest';
import { chooseRuntime } from './choose-runtime.ts';
import { workerThreads } from './worker-threads.ts';

const now = () => performance.now();

/** A browser's `navigator.gpu` as far as it is asked before any kernel runs. */
function gpuWith(adapter: object | null): GPU {
  return { requestAdapter: async () => adapter } as unknown as GPU;
}
const adapter = {
  info: { vendor: 'acme', architecture: 'one', device: '', description: '' },
  features: new Set(['shader-f16']),
  limits: { maxStorageBufferBindingSize: 128 * 2 ** 20 },
  requestDevice: async () => ({ destroy() {} }),
};

describe('chooseRuntime', () => {
  it('takes WASM when asked to, and passes nothing over', async () => {
    const { runtime, report } = await chooseRuntime('wasm', { gpu: undefined, now });
    expect(report).toMatchObject({
      backend: 'wasm',
      fallback: '',
      variant: { attention: 'blocked', dtype: 'f32' },
      runtimeVersion: 'onnxruntime-web 1.30.0',
    });
    expect(report.threads).toBeGreaterThanOrEqual(1);
    expect(runtime.variant).toEqual(report.variant);
    await runtime.dispose();
  });

  it.each([
    ['there is no WebGPU', undefined, 'This browser has no WebGPU.'],
    ['there is no adapter', gpuWith(null), 'WebGPU found no graphics adapter here.'],
    [
      'the device does not open',
      gpuWith({ ...adapter, requestDevice: () => Promise.reject(new Error('driver crashed')) }),
      'WebGPU could not open the graphics device (driver crashed).',
    ],
    [
      'the adapter is software',
      gpuWith({ ...adapter, info: { ...adapter.info, vendor: 'google', architecture: 'swiftshader' } }),
      "WebGPU's adapter here is software (google, swiftshader), which is slower than WASM.",
    ],
    // Node has no WebGPU, so a working adapter's runtime can't start here.
    ['the runtime does not start', gpuWith(adapter), 'WebGPU failed: The webgpu backend could not start.'],
  ])('falls back to WASM and says why when %s', async (_, gpu, fallback) => {
    const { runtime, report } = await chooseRuntime('auto', { gpu, now });
    expect(report.backend).toBe('wasm');
    expect(report.fallback.startsWith(fallback), report.fallback).toBe(true);
    await runtime.dispose();
  });

  it('draws on nothing else when WebGPU is forced', async () => {
    await expect(chooseRuntime('webgpu', { gpu: gpuWith(null), now })).rejects.toMatchObject({
      code: 'backend-unavailable',
      found: 'WebGPU found no graphics adapter here.',
    });
  });
});

describe('workerThreads', () => {
  it.each([
    [1, true, 1],
    [2, true, 2],
    [4, true, 4],
    [8, true, 4],
    [16, true, 8],
    [64, true, 8],
    [16, false, 1],
  ])('of %i processors, isolated %s: %i', (processors, isolated, threads) => {
    expect(workerThreads(processors, isolated)).toBe(threads);
  });
});
