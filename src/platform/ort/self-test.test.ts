import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../engine/core/tensor.ts';
import type { Graph } from '../../engine/onnx/graph.ts';
import type { Runtime } from '../../engine/pipeline/ports.ts';
import { createOrtWebRuntime } from './ort-runtime.ts';
import { runSelfTest } from './self-test.ts';

const now = () => performance.now();

/** The real WASM runtime with a fault put into the outputs of some graphs. */
async function faultyRuntime(
  isFaulty: (graph: Graph) => boolean,
  fault: (data: Float32Array) => void,
): Promise<Runtime> {
  const runtime = await createOrtWebRuntime({ backend: 'wasm' });
  return {
    ...runtime,
    capabilities: runtime.capabilities,
    async createSession(graph, files, options) {
      const session = await runtime.createSession(graph, files, options);
      if (!isFaulty(graph)) return session;
      return {
        dispose: () => session.dispose(),
        async run(feeds) {
          const outputs = await session.run(feeds);
          for (const { data } of Object.values<Tensor>(outputs))
            if (data instanceof Float32Array) fault(data);
          return outputs;
        },
      };
    },
  };
}

const isFused = ({ name }: Graph) => name.includes('fused');

describe('runSelfTest', () => {
  it('takes fused attention, in blocks where it is long, where every kernel is right, in under two seconds', async () => {
    const runtime = await createOrtWebRuntime({ backend: 'wasm' });
    // The first run also compiles the WebAssembly, which is the start of the runtime and no part of the test.
    await runSelfTest(runtime, now);
    const verdict = await runSelfTest(runtime, now);
    expect(verdict.checks.filter(({ pass }) => !pass)).toEqual([]);
    expect(verdict.checks.length).toBe(18);
    expect(verdict.variant).toEqual({ attention: 'blocked', dtype: 'f32' });
    const graphs = new Set(verdict.checks.map(({ milliseconds }) => milliseconds));
    expect([...graphs].reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeLessThan(2000);
  });

  it.each([
    ['one number a little off', (data: Float32Array) => (data[7]! += 0.01)],
    ['one NaN', (data: Float32Array) => (data[7] = Number.NaN)],
  ])('decomposes attention when fused attention has %s', async (_, fault) => {
    const verdict = await runSelfTest(await faultyRuntime(isFused, fault), now);
    expect(verdict.variant).toEqual({ attention: 'decomposed', dtype: 'f32' });
    expect(verdict.reason).toBe('Fused attention gave wrong numbers here, so attention runs decomposed.');
  });

  it('keeps float16 where its long sums are off, and tells', async () => {
    const float16 = { backend: 'wasm', float16: true } as const;
    const right = await createOrtWebRuntime({ backend: 'wasm' });
    const verdict = await runSelfTest({ ...right, capabilities: { ...right.capabilities, ...float16 } }, now);
    expect(verdict.variant?.dtype).toBe('f16');
    expect(verdict.checks.filter(({ name }) => name.startsWith('long sums')).map(({ pass }) => pass)).toEqual(
      [true, true],
    );
    expect(verdict.reason).not.toContain('long sums');

    const narrow = await faultyRuntime(
      ({ name }) => name.includes('long-sums'),
      (data) => data.fill(2048),
    );
    const told = await runSelfTest({ ...narrow, capabilities: { ...narrow.capabilities, ...float16 } }, now);
    expect(told.variant?.dtype).toBe('f16');
    expect(told.reason).toContain('adds long sums in float16 here');
  });

  it('trusts no variant when plain kernels are wrong, and names them', async () => {
    const wrong = await faultyRuntime(
      ({ name }) => name.includes('kernels'),
      (data) => (data[0]! += 1),
    );
    const verdict = await runSelfTest(wrong, now);
    expect(verdict.variant).toBeUndefined();
    expect(verdict.reason).toContain('conv 3x3');
  });

  it('reports a graph that cannot run with the failure', async () => {
    const broken = await faultyRuntime(isFused, () => {
      throw new Error('no such kernel');
    });
    const verdict = await runSelfTest(broken, now);
    expect(verdict.variant?.attention).toBe('decomposed');
    expect(verdict.reason).toBe('Fused attention could not run here, so attention runs decomposed.');
    expect(
      verdict.checks.filter(({ name }) => name.startsWith('fused')).map((c) => c.relativeError),
    ).toContainEqual(Number.NaN);
  });
});
