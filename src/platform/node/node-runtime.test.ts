import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../engine/onnx/graph.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { relu } from '../../engine/onnx/ops/activation.ts';
import { linear } from '../../engine/onnx/ops/linear.ts';
import type { Runtime } from '../../engine/pipeline/ports.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { DirectoryFiles } from './directory-files.ts';
import { createNodeRuntime } from './node-runtime.ts';

const file = 'weights';

/** relu(x W' + b): W [2, 2] lies where the runtime can take it, b [2] at an offset that it can't. */
function pointingGraph(): Graph {
  const g = new GraphBuilder({ name: 'pointing', dtype: 'f32' });
  const x = g.floatInput('x', ['batch', 2]);
  const weight = { name: 'w', dtype: 'f32', shape: [2, 2], file, begin: 8, end: 24 } as const;
  const bias = { name: 'b', dtype: 'f32', shape: [2], file, begin: 26, end: 34 } as const;
  g.output(relu(g, linear(g, x, g.parameter(weight), g.parameter(bias))), 'y');
  return g.build();
}

function weightBytes(): Uint8Array {
  const bytes = Buffer.alloc(34);
  for (const [i, value] of [9, 9, 1, 2, -3, 4].entries()) bytes.writeFloatLE(value, 4 * i);
  bytes.writeFloatLE(0.5, 26);
  bytes.writeFloatLE(100, 30);
  return bytes;
}

describe('createNodeRuntime', () => {
  let runtime: Runtime;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'node-runtime-'));
    await writeFile(join(folder, file), weightBytes());
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => runtime.dispose());

  /** What was read through the port. */
  function watchedFiles(onDisk: boolean): ModelFiles & { readonly reads: [number, number][] } {
    const files = new DirectoryFiles(folder);
    const reads: [number, number][] = [];
    return {
      id: files.id,
      reads,
      has: (path) => files.has(path),
      size: (path) => files.size(path),
      read(path, begin, end, signal) {
        reads.push([begin, end]);
        return files.read(path, begin, end, signal);
      },
      ...(onDisk ? { diskPath: (path: string) => files.diskPath(path) } : {}),
    };
  }

  it.each([
    ['on disk, reading only what must be moved', true, [[26, 34]]],
    [
      'elsewhere, reading each file',
      false,
      [
        [26, 34],
        [0, 34],
      ],
    ],
  ] as const)('runs a graph whose weights lie %s', async (_, onDisk, reads) => {
    runtime = await createNodeRuntime();
    const files = watchedFiles(onDisk);
    const session = await runtime.createSession(pointingGraph(), files);
    const { y } = await session.run({ x: { dtype: 'f32', shape: [1, 2], data: Float32Array.of(10, 1) } });
    expect(y).toEqual({ dtype: 'f32', shape: [1, 2], data: Float32Array.of(12.5, 74) });
    expect(files.reads).toEqual(reads);
    await session.dispose();
    await session.dispose();
  });

  it('is cancelled before anything is read', async () => {
    runtime = await createNodeRuntime();
    const files = watchedFiles(true);
    const loading = runtime.createSession(pointingGraph(), files, { signal: AbortSignal.abort() });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
    expect(files.reads).toEqual([]);
  });

  it('reports a graph that the runtime refuses by name and message', async () => {
    runtime = await createNodeRuntime();
    const g = new GraphBuilder({ name: 'refused', dtype: 'f32' });
    g.output(g.apply({ operator: 'NoSuchOperator', inputs: [g.floatInput('x', [1])] }, [1]), 'y');
    await expect(runtime.createSession(g.build(), watchedFiles(true))).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('refused'),
      found: expect.stringContaining('NoSuchOperator'),
    });
  });

  it('reports inputs that do not fit', async () => {
    runtime = await createNodeRuntime();
    const session = await runtime.createSession(pointingGraph(), watchedFiles(true));
    const wrong = { dtype: 'f32', shape: [1, 3], data: new Float32Array(3) } as const;
    await expect(session.run({ x: wrong })).rejects.toMatchObject({ code: 'backend-failed' });
    await expect(session.run({})).rejects.toMatchObject({ code: 'backend-failed' });
  });

  it('keeps onnxruntime from reporting home', async () => {
    runtime = await createNodeRuntime();
    expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
  });
});
