import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { DirectoryFiles } from '../node/directory-files.ts';
import { requestOfPublished } from '../store/model-request.ts';
import { approximateBytes, describePublished, partFolder, readPublishedModels } from './published-model.ts';

const catalogue = new DirectoryFiles('models');

describe('readPublishedModels', () => {
  it('knows the models of the paper and its relatives by their hub ids', async () => {
    const models = await readPublishedModels(catalogue);
    const unet = (id: string) => {
      const model = models.find((candidate) => candidate.id === id);
      return model?.kind === 'pipeline' ? model.parts.unet.source : model?.parts.vae.source;
    };
    expect(unet('instaflow-0.9b')).toBe('XCLiu/instaflow_0_9B_from_sd_1_5');
    expect(unet('2-rectified-flow')).toBe('XCLiu/2_rectified_flow_from_sd_1_5');
    expect(unet('stable-diffusion-1.5')).toBe('stable-diffusion-v1-5/stable-diffusion-v1-5');
    expect(unet('sd-turbo')).toBe('stabilityai/sd-turbo');
    expect(unet('perflow-dreamshaper')).toBe('hansyan/perflow-sd15-dreamshaper');
    expect(unet('taesd')).toBe('madebyollin/taesd');
    for (const { licence } of models) expect(licence.notes).toContain('No safety checker');
  });

  it('lets a lineage share text encoder and decoder, and InstaFlow take one step', async () => {
    const models = (await readPublishedModels(catalogue)).filter((model) => model.kind === 'pipeline');
    const lineage = models.filter((model) => model.lineage === 'sd-1.5');
    expect(lineage.length).toBeGreaterThan(2);
    for (const part of ['tokenizer', 'text_encoder', 'vae'] as const) {
      expect(new Set(lineage.map(({ parts }) => partFolder(parts[part]))).size, part).toBe(1);
    }
    const instaflow = models.find(({ id }) => id === 'instaflow-0.9b')!;
    expect(instaflow).toMatchObject({ guidance: null, steps: { minimum: 1, maximum: 1 } });
    expect(approximateBytes(instaflow) / 4.265e9).toBeCloseTo(1, 2);
  });

  it('gives every pipeline of Stable Diffusion the same tiny decoder', async () => {
    const models = await readPublishedModels(catalogue);
    const latents = models.find(({ id }) => id === 'taesd')!.latents;
    expect(models.filter((model) => model.latents === latents)).toHaveLength(models.length);
  });

  it('keeps what is published as float16 as it is', async () => {
    const models = await readPublishedModels(catalogue);
    const storedAs = (id: string) =>
      requestOfPublished(models.find((model) => model.id === id)!, 'float16').storeAs;
    expect([storedAs('tiny-sd'), storedAs('instaflow-0.9b')]).toEqual(['original', 'float16']);
  });

  it('describes the style transfer of the demo: InstaFlow + (DreamShaper - SD 1.5)', async () => {
    const styled = (await readPublishedModels(catalogue)).find(({ id }) => id === 'instaflow-dreamshaper')!;
    const { components, delta } = describePublished(styled as Extract<typeof styled, { kind: 'pipeline' }>);
    expect(components).toMatchObject({
      unet: 'XCLiu--instaflow_0_9B_from_sd_1_5/unet',
      vae: 'Lykon--dreamshaper-7/vae',
      text_encoder: 'Lykon--dreamshaper-7/text_encoder',
    });
    expect(delta).toEqual({
      finetuned: 'Lykon--dreamshaper-7/unet',
      original: 'stable-diffusion-v1-5--stable-diffusion-v1-5/unet',
    });
  });

  it.each([
    [{ gated: 'no' }, 'published[0].gated'],
    [{ licence: { name: 'MIT' } }, 'published[0].licence.url'],
    [{ parts: {} }, 'published[0].parts.tokenizer'],
    [{ steps: undefined }, 'published[0].steps'],
    [{ kind: 'upscaler' }, 'published[0].kind'],
    [{ latents: '' }, 'published[0].latents'],
    [{ publishedAs: 'bfloat16' }, 'published[0].publishedAs'],
    [{ delta: { finetuned: { source: 'a', folder: '' } } }, 'published[0].delta.finetuned.source'],
  ])('names the field of %j', async (change, field) => {
    const [model] = await readPublishedModels(catalogue);
    const bytes = new TextEncoder().encode(JSON.stringify({ published: [{ ...model, ...change }] }));
    await expect(readPublishedModels(new MemoryFiles({ 'catalog.json': bytes }))).rejects.toMatchObject({
      code: 'config-invalid',
      subject: `catalog.json: ${field}`,
    });
  });
});
