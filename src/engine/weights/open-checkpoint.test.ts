import { describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsOf } from '../../testing/safetensors-bytes.ts';
import { openCheckpoint } from './open-checkpoint.ts';

const scalar = (value: number) => ({ dtype: 'F32', shape: [1], bytes: new Float32Array([value]) });
const indexOf = (weightMap: unknown) => new TextEncoder().encode(JSON.stringify({ weight_map: weightMap }));

describe('openCheckpoint', () => {
  it('opens a published component', async () => {
    const files = new DirectoryFiles('fixtures/reference/clip-tiny');
    const checkpoint = await openCheckpoint(files, 'model');
    expect(checkpoint.path).toBe('model.safetensors');
    const entry = checkpoint.entry('text_model.embeddings.token_embedding.weight');
    expect(entry).toMatchObject({ dtype: 'f32', file: 'model.safetensors' });
  });

  it('takes the variant that is preferred, else the other', async () => {
    const files = new MemoryFiles({
      'unet/m.safetensors': safetensorsOf({ a: scalar(1) }),
      'unet/m.fp16.safetensors': safetensorsOf({ a: scalar(2) }),
      'vae/m.fp16.safetensors': safetensorsOf({ a: scalar(3) }),
    });
    const value = async (stem: string, variants?: ('full' | 'fp16')[]) =>
      (await (await openCheckpoint(files, stem, { variants })).readTensor('a'))[0];
    expect(await value('unet/m')).toBe(1);
    expect(await value('unet/m', ['fp16', 'full'])).toBe(2);
    expect(await value('vae/m')).toBe(3);
    await expect(value('vae/m', ['full'])).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('says which files it looked for', async () => {
    const opening = openCheckpoint(new MemoryFiles({ 'unet/m.bin': new Uint8Array(1) }), 'unet/m');
    await expect(opening).rejects.toMatchObject({
      code: 'file-not-found',
      subject: 'unet/m.safetensors',
      wanted: expect.stringContaining('unet/m.fp16.safetensors'),
    });
  });

  it('names the tensor that it lacks', async () => {
    const checkpoint = await openCheckpoint(
      new MemoryFiles({ 'm.safetensors': safetensorsOf({ a: scalar(1) }) }),
      'm',
    );
    await expect(checkpoint.readTensor('conv_in.weight')).rejects.toMatchObject({
      code: 'tensor-missing',
      subject: 'conv_in.weight',
    });
  });

  it('passes a cancellation on', async () => {
    const files = new MemoryFiles({ 'm.safetensors': safetensorsOf({ a: scalar(1) }) });
    await expect(openCheckpoint(files, 'm', { signal: { aborted: true } })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('openCheckpoint of shards', () => {
  const shards = {
    'unet/one.safetensors': safetensorsOf({ a: scalar(1), b: scalar(2) }),
    'unet/two.safetensors': safetensorsOf({ c: scalar(3) }),
  };
  const weightMap = { a: 'one.safetensors', b: 'one.safetensors', c: 'two.safetensors' };
  const open = (contents: Readonly<Record<string, Uint8Array>>) =>
    openCheckpoint(new MemoryFiles(contents), 'unet/m');

  it.each([
    ['unet/m.safetensors.index.json', 'full'],
    ['unet/m.safetensors.index.fp16.json', 'fp16'],
    ['unet/m.fp16.safetensors.index.json', 'fp16'],
  ] as const)('reads tensors from where %s puts them', async (path, variant) => {
    const files = new MemoryFiles({ ...shards, [path]: indexOf(weightMap) });
    const checkpoint = await openCheckpoint(files, 'unet/m', { variants: [variant] });
    const values = await Promise.all(['a', 'b', 'c'].map((name) => checkpoint.readTensor(name)));
    expect(values.map(([value]) => value)).toEqual([1, 2, 3]);
    expect(checkpoint.entry('c').file).toBe('unet/two.safetensors');
  });

  it('names the shard that is missing', async () => {
    const index = indexOf({ ...weightMap, d: 'three.safetensors' });
    await expect(open({ ...shards, 'unet/m.safetensors.index.json': index })).rejects.toMatchObject({
      code: 'file-not-found',
      subject: 'unet/three.safetensors',
    });
  });

  it.each([
    ['in no shard', { ...weightMap, d: 'two.safetensors' }, 'unet/two.safetensors: d'],
    [
      'in another shard',
      { ...weightMap, c: 'one.safetensors', b: 'two.safetensors' },
      'unet/two.safetensors: b',
    ],
  ])('names the tensor that is %s', async (_, map, subject) => {
    await expect(open({ ...shards, 'unet/m.safetensors.index.json': indexOf(map) })).rejects.toMatchObject({
      code: 'tensor-missing',
      subject,
    });
  });

  it('refuses a tensor that lies in two shards', async () => {
    const contents = {
      ...shards,
      'unet/two.safetensors': safetensorsOf({ c: scalar(3), a: scalar(1) }),
      'unet/m.safetensors.index.json': indexOf(weightMap),
    };
    await expect(open(contents)).rejects.toMatchObject({
      code: 'file-malformed',
      subject: 'unet/two.safetensors: a',
    });
  });

  it.each(['../secret', '/etc/passwd', 'deeper/x', 'C:\\x', '..\\x', '..', '', 7, null, 'a\0b'])(
    'refuses the shard name %j',
    async (shard) => {
      const contents = { ...shards, 'unet/m.safetensors.index.json': indexOf({ ...weightMap, c: shard }) };
      await expect(open(contents)).rejects.toMatchObject({
        code: 'file-malformed',
        subject: 'unet/m.safetensors.index.json',
      });
    },
  );

  it('refuses an index with a name that no tensor can have, and cuts it', async () => {
    const index = indexOf({ ...weightMap, ['d'.repeat(1025)]: 'one.safetensors' });
    await expect(open({ ...shards, 'unet/m.safetensors.index.json': index })).rejects.toMatchObject({
      code: 'file-malformed',
      found: '1025 characters',
    });
  });

  it.each([
    '',
    '{',
    '[]',
    '{}',
    '{"weight_map":[]}',
    '{"weight_map":{}}',
    '{"weight_map":{"a":"x","a":"y"}}',
  ])('refuses the index %s', async (json) => {
    const contents = { ...shards, 'unet/m.safetensors.index.json': new TextEncoder().encode(json) };
    await expect(open(contents)).rejects.toMatchObject({
      code: 'file-malformed',
      subject: 'unet/m.safetensors.index.json',
    });
  });
});
