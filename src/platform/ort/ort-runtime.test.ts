import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import { gaussianNoise } from '../../engine/core/noise.ts';
import { type FloatTensor, floatTensor } from '../../engine/core/tensor.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { relu } from '../../engine/onnx/ops/activation.ts';
import { attention } from '../../engine/onnx/ops/attention.ts';
import { linear } from '../../engine/onnx/ops/linear.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { collectGarbage } from '../../testing/collect-garbage.ts';
import { noFiles } from './no-files.ts';
import { createOrtWebRuntime } from './ort-runtime.ts';
import { wasmVariant } from './wasm-variant.ts';

/** One file whose bytes are the given floats. */
function oneFile(values: Float32Array): ModelFiles {
  const bytes = new Uint8Array(values.slice().buffer);
  return {
    id: 'memory',
    has: async (path) => path === 'unet/weights',
    size: async () => bytes.length,
    read: async (_, begin, end) => bytes.slice(begin, end),
  };
}

describe('createOrtWebRuntime in Node', () => {
  it('runs a graph whose initializers point into a checkpoint file', async () => {
    const g = new GraphBuilder({ name: 'pointing', dtype: 'f32' });
    const x = g.floatInput('x', ['batch', 2]);
    const entry = {
      name: 'w',
      dtype: 'f32',
      shape: [2, 2],
      file: 'unet/weights',
      begin: 8,
      end: 24,
    } as const;
    g.output(relu(g, linear(g, x, g.parameter(entry))), 'y');
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    const files = oneFile(Float32Array.of(9, 9, 1, 2, -3, 4));
    const session = await runtime.createSession(g.build(), files, { dimensions: { batch: 1 } });
    const { y } = await session.run({ x: { dtype: 'f32', shape: [1, 2], data: Float32Array.of(10, 1) } });
    expect(y).toEqual({ dtype: 'f32', shape: [1, 2], data: Float32Array.of(12, 0) });
    await session.dispose();
    await session.dispose();
    await runtime.dispose();
  });

  it('keeps nothing of a run that is over, while its device may still be lost', async () => {
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    const g = new GraphBuilder({ name: 'kept', dtype: 'f32' });
    g.output(relu(g, g.floatInput('x', [1])), 'y');
    const session = await runtime.createSession(g.build(), noFiles);
    const output = new WeakRef((await session.run({ x: floatTensor([1], Float32Array.of(1)) })).y!);
    await collectGarbage();
    expect(output.deref()).toBeUndefined();
    await runtime.dispose();
  });

  // The fused kernel's sizes leave 32 bits here: queries * keys * width * 2.
  it('attends at 4096 pixels with heads of 64 channels, as SD 2.x does at 512', async () => {
    const runtime = await createOrtWebRuntime({ backend: 'wasm', variant: wasmVariant });
    const g = new GraphBuilder({ name: 'wide', dtype: 'f32' });
    const shape = [1, 4096, 64];
    const x = g.floatInput('x', shape);
    const value = g.floatInput('value', shape);
    g.output(attention(g, x, x, value, { heads: 1, variant: runtime.variant.attention }), 'y');
    const session = await runtime.createSession(g.build(), noFiles);
    const { y } = await session.run({
      x: floatTensor(shape, gaussianNoise(4096 * 64, { seed: 1 })),
      value: floatTensor(shape, new Float32Array(4096 * 64).fill(3)),
    });
    // Whatever the weights are, they add up to 1.
    const { data } = y as FloatTensor;
    expect(data.every((mean) => Math.abs(mean - 3) < 1e-4)).toBe(true);
    await runtime.dispose();
  }, 60_000);

  it('refuses weights too large for one piece before a byte of them is read', async () => {
    const g = new GraphBuilder({ name: 'unet', dtype: 'f32' });
    const entry = {
      name: 'w',
      dtype: 'f32',
      shape: [2, 2],
      file: 'unet/weights',
      begin: 8,
      end: 24,
    } as const;
    g.output(linear(g, g.floatInput('x', [1, 2]), g.parameter(entry)), 'y');
    const files: ModelFiles = {
      ...oneFile(new Float32Array(4)),
      size: async () => 3_438_167_536,
      read: () => Promise.reject(new Error('read')),
      // Node's runtime doesn't read Blobs, as browsers without JSPI don't.
      blob: async () => new Blob(),
    };
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    await expect(runtime.createSession(g.build(), files)).rejects.toMatchObject({
      code: 'model-too-large',
      subject: 'unet',
      found: expect.stringContaining('3.4 GB'),
    });
  });

  it('is cancelled before anything is read', async () => {
    const g = new GraphBuilder({ name: 'cancelled', dtype: 'f32' });
    g.output(relu(g, g.floatInput('x', [1])), 'y');
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    const loading = runtime.createSession(g.build(), oneFile(new Float32Array(1)), {
      signal: AbortSignal.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('reports a graph that the runtime refuses by name and message', async () => {
    const g = new GraphBuilder({ name: 'refused', dtype: 'f32' });
    const x = g.floatInput('x', [1]);
    g.output(g.apply({ operator: 'NoSuchOperator', inputs: [x] }, [1]), 'y');
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    const error = await runtime
      .createSession(g.build(), oneFile(new Float32Array(1)))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'backend-failed', found: expect.stringContaining('NoSuchOperator') });
  });
});
