/** Every recorded case, on every runtime that Node has: each output agrees, and a changed weight is noticed. */

import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import { createOrtWebRuntime } from '../../platform/ort/ort-runtime.ts';
import { loadClipTokenizer } from '../../platform/tokenizer/clip-tokenizer.ts';
import type { Runtime } from '../pipeline/ports.ts';
import { runCase } from './run-case.ts';

const folder = 'fixtures/reference';
const cases = [
  'clip-tiny',
  'clip-tiny-eps',
  'clip-tiny-gelu-sdturbo',
  'e2e',
  'lora',
  'schedulers',
  'taesd-tiny',
  'unet-tiny-eps',
  'unet-tiny-odd-lcm',
  'unet-tiny-sd1-l1',
  'unet-tiny-sdturbo',
  'vae-tiny-eps',
].map((name) => join(folder, name));

/** Data from others' repositories, which may not be copied here. */
const shared = ['../shared/taesd', '../shared/reference/tokenizer'];

/**
 * Of the largest value. The originals differ from float64 by 1e-6 to 3e-6 themselves; 25 guided steps of the
 * pipelines add up to 1e-5.
 */
const tolerance = 2e-5;

const run = (path: string, runtime: Runtime) =>
  runCase({
    name: basename(path),
    files: new DirectoryFiles(path),
    runtime,
    variant: runtime.variant,
    tolerance,
    clock: () => performance.now(),
    loadTokenizer: loadClipTokenizer,
    sibling: (name) => new DirectoryFiles(join(path, '..', name)),
  });

/** For networks this small a second thread only waits: ten times as long where the machine is busy. */
const threads = 1;

const runtimes = {
  'fused on cpu': () => createNodeRuntime({ threads }),
  'decomposed on cpu': () =>
    createNodeRuntime({ threads, variant: { attention: 'decomposed', dtype: 'f32' } }),
  // Blocks small enough that these networks have attentions of both kinds.
  'blocked on wasm': () =>
    createOrtWebRuntime({
      backend: 'wasm',
      variant: { attention: 'blocked', scoreBytes: 32 * 1024, dtype: 'f32' },
    }),
};

it('decodes in tiles where a whole picture is more than the backend takes', async () => {
  const whole = await createNodeRuntime({ threads });
  let sessions = 0;
  const small: Runtime = {
    ...whole,
    capabilities: { ...whole.capabilities, largestTensorBytes: 8 * 1024 },
    createSession: (...session) => {
      sessions += 1;
      return whole.createSession(...session);
    },
  };
  const path = join(folder, 'vae-tiny-eps');
  const { length } = await run(path, whole);
  const results = await run(path, small);
  expect(results.filter(({ pass }) => !pass)).toEqual([]);
  expect(results).toHaveLength(length);
  // Elsewhere a call is one session.
  expect(sessions).toBeGreaterThan(length);
  await whole.dispose();
});

describe.each(Object.entries(runtimes))('%s', (_, open) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await open();
  });
  afterAll(() => runtime.dispose());

  it.each(cases)('agrees with the originals in %s', { timeout: 60_000 }, async (path) => {
    const results = await run(path, runtime);
    expect(results.length).toBeGreaterThan(1);
    expect(results.filter(({ pass }) => !pass)).toEqual([]);
  });

  for (const path of shared) {
    it.skipIf(!existsSync(path))(`agrees with the originals in ${path}`, { timeout: 60_000 }, async () => {
      const results = await run(path, runtime);
      expect(results.length).toBeGreaterThan(1);
      expect(results.filter(({ pass }) => !pass)).toEqual([]);
    });
  }
});

describe('a case that must not pass', () => {
  let runtime: Runtime;
  let copy: string;
  beforeAll(async () => {
    runtime = await createNodeRuntime();
    copy = await mkdtemp(join(tmpdir(), 'case-'));
    await cp(join(folder, 'unet-tiny-eps'), copy, { recursive: true });
  });
  afterAll(async () => {
    await runtime.dispose();
    await rm(copy, { recursive: true });
  });

  it('is one with changed weights', async () => {
    const path = join(copy, 'diffusion_pytorch_model.safetensors');
    const bytes = await readFile(path);
    const changed = Buffer.from(bytes);
    const header = Number(bytes.readBigUInt64LE(0));
    for (let at = 8 + header; at + 4 <= bytes.length; at += 4 * 997) {
      changed.writeFloatLE(bytes.readFloatLE(at) * 1.5 + 0.1, at);
    }
    await writeFile(path, changed);
    const results = await run(copy, runtime);
    expect(results.map(({ pass }) => pass)).toEqual([false, false]);
    await writeFile(path, bytes);
    expect((await run(copy, runtime)).map(({ pass }) => pass)).toEqual([true, true]);
  });

  it('is one that can not be run, with the reason', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'case-'));
    await cp(join(folder, 'lora'), alone, { recursive: true });
    const results = await run(alone, runtime);
    await rm(alone, { recursive: true });
    expect(results.filter(({ pass }) => pass)).toEqual([]);
    const skipped = results.map((result) => result.skipped);
    expect(skipped.filter((reason) => reason?.includes('text_encoder/config.json')).length).toBeGreaterThan(
      0,
    );
  });
});
