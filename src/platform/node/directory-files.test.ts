import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from './directory-files.ts';

describe('DirectoryFiles', () => {
  let outside: string;
  let files: DirectoryFiles;

  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'directory-files-'));
    await mkdir(join(outside, 'model/unet'), { recursive: true });
    await writeFile(join(outside, 'secret'), 'secret');
    await writeFile(join(outside, 'model/unet/config.json'), '0123456789');
    await writeFile(join(outside, 'model/tokenizer'), '../secret');
    await writeFile(join(outside, 'model/empty'), '');
    files = new DirectoryFiles(join(outside, 'model'));
  });
  afterAll(() => rm(outside, { recursive: true }));

  it('reads ranges', async () => {
    expect(await files.has('unet/config.json')).toBe(true);
    expect(await files.size('unet/config.json')).toBe(10);
    expect(new TextDecoder().decode(await files.read('unet/config.json', 2, 5))).toBe('234');
    expect(await files.read('unet/config.json', 10, 10)).toHaveLength(0);
    expect(await files.read('empty', 0, 0)).toHaveLength(0);
  });

  it('takes a file that holds a path for data', async () => {
    expect(new TextDecoder().decode(await files.read('tokenizer', 0, 9))).toBe('../secret');
    expect(await files.has('tokenizer/vocab.json')).toBe(false);
  });

  it.each(['nothing', 'unet', 'unet/nothing', 'tokenizer/vocab.json'])('has no file %s', async (path) => {
    expect(await files.has(path)).toBe(false);
    await expect(files.size(path)).rejects.toMatchObject({ code: 'file-not-found', subject: path });
    await expect(files.read(path, 0, 1)).rejects.toMatchObject({ code: 'file-not-found', subject: path });
  });

  it.each([
    '../secret',
    'unet/../../secret',
    '..',
    '.',
    '',
    '/etc/passwd',
    'unet\\..\\..\\secret',
    'C:/x',
    'a\0b',
  ])('refuses the path %j', async (path) => {
    expect(await files.has(path)).toBe(false);
    await expect(files.read(path, 0, 1)).rejects.toMatchObject({
      code: 'file-not-found',
      found: 'a path that leaves the folder',
    });
  });

  it('refuses a range beyond the end before taking memory for it', async () => {
    await expect(files.read('unet/config.json', 5, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'file-malformed',
      found: '10 bytes',
    });
    await expect(files.read('unet/config.json', 5, 4)).rejects.toMatchObject({ code: 'argument-invalid' });
  });

  it('stops when cancelled', async () => {
    const reading = files.read('unet/config.json', 0, 10, { aborted: true });
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });
});
