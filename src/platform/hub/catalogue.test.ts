import { describe, expect, it } from 'vitest';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { DirectoryFiles } from '../node/directory-files.ts';
import { readCatalogue } from './catalogue.ts';

const embedded = new DirectoryFiles('models');

function catalogueOf(document: unknown): ModelFiles {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return {
    id: 'memory',
    has: async () => true,
    size: async () => bytes.length,
    read: async (_, begin, end) => bytes.slice(begin, end),
  };
}

describe('readCatalogue', () => {
  it('describes the embedded models by folders that are there', async () => {
    const models = await readCatalogue(embedded);
    expect(models.length).toBeGreaterThan(0);
    for (const { components } of models) {
      expect(await embedded.has(`${components.unet}/config.json`)).toBe(true);
      expect(await embedded.has(`${components.tokenizer}/vocab.json`)).toBe(true);
    }
  });

  it.each([
    [{ title: 3 }, 'models[0].title'],
    [{ components: { tokenizer: 'a' } }, 'models[0].components.text_encoder'],
    [{ steps: { minimum: 0, maximum: 1, initial: 1 } }, 'models[0].steps'],
    [{ guidance: undefined }, 'models[0].guidance'],
    [{ sizes: [[64]] }, 'models[0].sizes'],
    [{ licence: {} }, 'models[0].licence.name'],
  ])('names the field of %j', async (change, field) => {
    const [model] = await readCatalogue(embedded);
    const broken = catalogueOf({ models: [{ ...model, ...change }] });
    await expect(readCatalogue(broken)).rejects.toMatchObject({
      code: 'config-invalid',
      subject: `catalog.json: ${field}`,
    });
  });
});
