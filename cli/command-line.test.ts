/** The commands as scripts call them: exit status, JSON alone on stdout, files. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: 'generate' | 'pack' | 'parity', ...flags: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile('node_modules/.bin/tsx', [`cli/${command}.ts`, ...flags], (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

interface ParityReport {
  readonly pass: boolean;
  readonly cases: readonly Record<string, unknown>[];
}

const reference = 'fixtures/reference';
/** Starting Node with TypeScript takes seconds on a busy machine. */
const timeout = 180_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-line-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('parity', { timeout }, () => {
  it('passes with status 0 where every output agrees', async () => {
    const { status, stdout, stderr } = await run('parity', join(reference, 'vae-tiny-eps'));
    expect(status).toBe(0);
    const { pass, cases } = JSON.parse(stdout) as ParityReport;
    expect(pass).toBe(true);
    expect(cases.map(({ call, output }) => `${call} ${output}`)).toEqual([
      'dec0 sample',
      'dec1_6x10_b2 sample',
      ...['enc0', 'enc1_48x80'].flatMap((call) => [`${call} mean`, `${call} logvar`, `${call} std`]),
    ]);
    for (const found of cases) {
      expect(found).toMatchObject({ case: 'vae-tiny-eps', tolerance: 1e-4, pass: true });
      expect(found.rel).toBeLessThan(1e-5);
      expect(found).not.toHaveProperty('skipped');
    }
    expect(stderr).toContain('vae-tiny-eps: 8 of 8 outputs agree');
  });

  it('fails with status 1 where a weight was damaged, beside a case that agrees', async () => {
    const damaged = join(folder, 'damaged');
    await cp(join(reference, 'vae-tiny-eps'), damaged, { recursive: true });
    const weights = join(damaged, 'diffusion_pytorch_model.safetensors');
    const bytes = await readFile(weights);
    const headerBytes = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + headerBytes).toString('utf8'));
    const [begin, end] = header['decoder.conv_out.weight'].data_offsets as [number, number];
    bytes.fill(0, 8 + headerBytes + begin, 8 + headerBytes + end);
    await writeFile(weights, bytes);

    const { status, stdout } = await run('parity', damaged, join(reference, 'clip-tiny'));
    expect(status).toBe(1);
    const { pass, cases } = JSON.parse(stdout) as ParityReport;
    expect(pass).toBe(false);
    const failed = cases.filter((found) => !found.pass).map(({ call }) => call);
    expect(failed).toEqual(['dec0', 'dec1_6x10_b2']);
  });

  it('counts what it can not run as failed, with the reason', async () => {
    const needing = join(folder, 'needing');
    await cp(join(reference, 'clip-tiny'), needing, { recursive: true });
    const record = JSON.parse(await readFile(join(needing, 'io.json'), 'utf8'));
    await writeFile(join(needing, 'io.json'), JSON.stringify({ ...record, needs_model: true }));
    const { status, stdout } = await run('parity', needing);
    expect(status).toBe(1);
    const { pass, cases } = JSON.parse(stdout) as ParityReport;
    expect(pass).toBe(false);
    const needed = cases.filter(({ call }) => !String(call).startsWith('fp16/'));
    expect(needed.length).toBeGreaterThan(0);
    for (const found of needed) {
      expect(found).toMatchObject({ pass: false, skipped: expect.stringContaining('--model') });
    }
  });

  it('ends with status 2 and the usage for a command line that makes no sense', async () => {
    for (const flags of [[], ['no-such-folder'], [reference, '--dtype', 'f8']]) {
      const { status, stdout, stderr } = await run('parity', ...flags);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('npm run -s parity --');
    }
  });
});

describe('generate', { timeout }, () => {
  const draw = (out: string, ...flags: readonly string[]) =>
    run(
      'generate',
      '--model',
      'instaflow-nano',
      '--prompt',
      'a red apple',
      '--out',
      join(folder, out),
      ...flags,
    );

  it('draws the same file for the same seed, another for another, and tells times and sizes', async () => {
    const [first, again, other] = [
      await draw('first.png', '--seed', '5'),
      await draw('new/again.png', '--seed', '5'),
      await draw('other.png', '--seed', '6'),
    ];
    expect([first.status, again.status, other.status]).toEqual([0, 0, 0]);
    const bytes = await readFile(join(folder, 'first.png'));
    expect(bytes.equals(await readFile(join(folder, 'new/again.png')))).toBe(true);
    expect(bytes.equals(await readFile(join(folder, 'other.png')))).toBe(false);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 64, height: 64, channels: 3 });
    expect(JSON.parse(first.stdout)).toMatchObject({
      model: 'instaflow-nano',
      seed: 5,
      steps: 1,
      width: 64,
      height: 64,
      backend: 'cpu',
      sampler: 'rectified-flow',
      truncated: '',
      timings: {
        loadMs: expect.any(Number),
        textMs: expect.any(Number),
        stepMs: [expect.any(Number)],
        decodeMs: expect.any(Number),
      },
    });
    expect(first.stderr).toContain('step 1 of 1');
  });

  it('takes a folder, and writes every step of the trajectory', async () => {
    const trajectory = join(folder, 'trajectory');
    const out = join(folder, 'steps.png');
    const { status, stdout } = await run(
      'generate',
      ...['--model', 'models/nano', '--prompt', 'a blue star', '--out', out],
      ...['--steps', '3', '--guidance', '2', '--negative', 'red', '--trajectory', trajectory],
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 3, evaluations: 3, guidance: 2, negative: 'red' });
    expect((await readdir(trajectory)).sort()).toEqual([
      'step-00-latents.png',
      ...[1, 2, 3].flatMap((i) => [`step-0${i}-endpoint.png`, `step-0${i}-latents.png`]),
    ]);
    const last = await readFile(join(trajectory, 'step-03-latents.png'));
    expect(last.equals(await readFile(out))).toBe(true);
  });

  it('names what is wrong, with status 1 for values and 2 for the command line', async () => {
    const steps = await draw('none.png', '--steps', '0');
    expect(steps).toMatchObject({ status: 1, stdout: '' });
    expect(steps.stderr).toContain('argument-invalid: steps is 0');
    const unknown = await run(
      'generate',
      '--model',
      'nope',
      '--prompt',
      'x',
      '--out',
      join(folder, 'none.png'),
    );
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('instaflow-nano') });
    const missing = await run('generate', '--model', 'instaflow-nano', '--prompt', 'x');
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('--out') });
  });

  it("decodes with a tiny decoder that is given: with the model's own, the same picture", async () => {
    const own = await draw('own.png', '--tiny-vae', 'models/nano/vae', '--seed', '5');
    expect(own.status).toBe(0);
    expect(JSON.parse(own.stdout)).toMatchObject({ tinyVae: 'models/nano/vae' });
    const bytes = await readFile(join(folder, 'own.png'));
    expect(bytes.equals(await readFile(join(folder, 'first.png')))).toBe(true);
  });

  it('names an adapter that fits nothing, with status 1 for the file and 2 for the command line', async () => {
    const half = await draw('none.png', '--delta', 'models/nano');
    expect(half).toMatchObject({ status: 2, stderr: expect.stringContaining('FINETUNED:ORIGINAL') });
    const lora = await draw('none.png', '--lora', join(reference, 'lora/peft_attn.safetensors:0.8'));
    expect(lora).toMatchObject({ status: 1, stderr: expect.stringContaining('lora_A') });
  });
});

describe('pack', { timeout }, () => {
  it('writes a folder that draws the same picture, a difference of nothing added', async () => {
    const published = join(folder, 'published');
    for (const part of ['tokenizer', 'text_encoder', 'vae', 'scheduler']) {
      await cp(join('models/nano', part), join(published, part), { recursive: true });
    }
    await cp('models/nano/unet-2-rf', join(published, 'unet'), { recursive: true });
    const index = { _class_name: 'RectifiedFlowPipeline', unet: ['diffusers', 'UNet2DConditionModel'] };
    await writeFile(join(published, 'model_index.json'), JSON.stringify(index));
    const packed = join(folder, 'packed');
    const ran = await run('pack', published, packed, '--delta', `${published}:${published}:0.5`);
    expect(ran.status).toBe(0);
    const { out, sizeBytes, files } = JSON.parse(ran.stdout);
    expect(out).toBe(packed);
    const pictures: Buffer[] = [];
    for (const model of [published, packed]) {
      const file = join(folder, `${pictures.length}-packed.png`);
      const flags = ['--model', model, '--prompt', 'a red apple', '--steps', '4', '--out', file];
      expect((await run('generate', ...flags)).status).toBe(0);
      pictures.push(await sharp(file).raw().toBuffer());
    }
    const [before, after] = pictures as [Buffer, Buffer];
    const apart = before.reduce((sum, value, i) => sum + Math.abs(value - after[i]!), 0) / before.length;
    expect(apart).toBeLessThan(2);
    const weights = files.filter(({ path }: { path: string }) => path.endsWith('.safetensors'));
    expect(weights.length).toBeGreaterThanOrEqual(3);
    expect(sizeBytes).toBeGreaterThan(0);
  });

  it('ends with status 2 and the usage for a command line that makes no sense', async () => {
    expect(await run('pack', 'models/nano')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('npm run -s pack'),
    });
  });
});
