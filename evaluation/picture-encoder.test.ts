/** The evaluation's encoder and text projection equal PyTorch's on the shipped weights (training/evaluation_set.py). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Picture } from '../src/engine/pipeline/picture.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { createNodeRuntime } from '../src/platform/node/node-runtime.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { type Judge, openJudge } from './judge.ts';

const side = 64;

describe('the evaluation on the shipped weights', () => {
  const files = new DirectoryFiles('models');
  let runtime: Runtime;
  let judge: Judge;
  beforeAll(async () => {
    runtime = await createNodeRuntime();
    judge = await openJudge(runtime, files, 'nano', await loadClipTokenizer(files, 'nano/tokenizer'));
  });
  afterAll(async () => {
    await judge.encoder.dispose();
    await runtime.dispose();
  });

  const largestError = (got: Float32Array, wanted: Float32Array) => {
    expect(got.length).toBe(wanted.length);
    const largest = Math.max(...wanted.map(Math.abs));
    return Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!))) / largest;
  };
  const joined = (rows: readonly Float32Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));

  it('sees pictures as PyTorch does', async () => {
    const golden = await openCheckpoint(files, 'nano/evaluation/golden');
    const bytes = await golden.readTensor('pictures');
    const pictures = Array.from({ length: bytes.length / (3 * side * side) }, (_, k): Picture => {
      const rgba = new Uint8ClampedArray(4 * side * side).fill(255);
      for (let i = 0; i < side * side; i++) {
        for (let c = 0; c < 3; c++) rgba[4 * i + c] = bytes[3 * (k * side * side + i) + c]!;
      }
      return { width: side, height: side, rgba };
    });
    const { features, embeddings } = await judge.encoder.encode(pictures);
    // float32 sums in another order.
    expect(largestError(joined(features), await golden.readTensor('features'))).toBeLessThan(1e-4);
    expect(largestError(joined(embeddings), await golden.readTensor('embeddings'))).toBeLessThan(1e-4);
  });

  it('reads prompts as PyTorch does', async () => {
    const golden = await openCheckpoint(files, 'nano/evaluation/golden');
    const wanted = await golden.readTensor('text');
    const stride = Math.floor(judge.set.prompts.length / 7);
    const rows = judge.texts
      .filter((_, i) => i % stride === 0)
      .map((text) => {
        const row = judge.project(text);
        const length = Math.hypot(...row);
        return row.map((value) => value / length);
      });
    expect(largestError(joined(rows), wanted)).toBeLessThan(1e-4);
  });

  it('has prompts whose objects are labels', () => {
    const { prompts, labels } = judge.set;
    expect(prompts).toHaveLength(500);
    expect(new Set(prompts.map(({ seed }) => seed)).size).toBe(500);
    for (const { objects } of prompts) for (const object of objects) expect(labels).toContain(object);
  });
});
