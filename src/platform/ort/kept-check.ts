/** Whether outputs can stay with the backend and be fed to another run, with right numbers. */
import { floatTensor } from '../../engine/core/tensor.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { shift } from '../../engine/onnx/ops/elementwise.ts';
import type { Clock, Runtime } from '../../engine/pipeline/ports.ts';
import type { SelfTestCheck } from './backend-report.ts';
import { noFiles } from './no-files.ts';

/** Adds 1 twice, the first sum kept. Never throws: a backend that can't is one that keeps nothing. */
export async function checkKeptTensors(runtime: Runtime, now: Clock): Promise<SelfTestCheck> {
  const began = now();
  const values = Float32Array.of(1, 2, 3);
  const relativeError = await addTwice(runtime, values).then(
    (found) => Math.max(...values.map((value, i) => Math.abs(found[i]! - value - 2) / 5)),
    () => Number.NaN,
  );
  return { name: 'kept tensors', pass: relativeError < 1e-6, relativeError, milliseconds: now() - began };
}

async function addTwice(runtime: Runtime, values: Float32Array): Promise<ArrayLike<number>> {
  const g = new GraphBuilder({ name: 'self-test-kept', dtype: 'f32' });
  g.output(shift(g, g.floatInput('x', [3]), 1), 'y');
  const session = await runtime.createSession(g.build(), noFiles, { outputs: 'kept' });
  try {
    const { y: kept } = await session.keep!({ x: floatTensor([3], values) });
    const { y } = await session.run({ x: kept! });
    kept!.dispose();
    return y!.data as Float32Array;
  } finally {
    await session.dispose();
  }
}
