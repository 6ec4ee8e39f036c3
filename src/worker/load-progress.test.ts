import { describe, expect, it } from 'vitest';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import { createLoadReporter } from './load-progress.ts';
import type { LoadProgress } from './protocol.ts';

const components = { tokenizer: 'n/tokenizer', text_encoder: 'n/text_encoder', unet: 'n/unet', vae: 'n/vae' };
const descriptor = { id: 'nano', components } as ModelDescriptor;

describe('createLoadReporter', () => {
  it('tells of arriving and of reading as one rising number per part', () => {
    const told: LoadProgress[] = [];
    const { onFile, onPart } = createLoadReporter(descriptor, (progress) => told.push(progress));
    onFile('n/unet/model.safetensors', 40, 100);
    onFile('n/unet/model.safetensors', 90, 100);
    onPart({ part: 'network', loadedBytes: 10, totalBytes: 100 });
    onPart({ part: 'network', loadedBytes: 100, totalBytes: 100 });
    onPart({ part: 'decoder', loadedBytes: 0, totalBytes: 50 });
    expect(told.map(({ part, loadedBytes }) => [part, loadedBytes])).toEqual([
      ['network', 40],
      ['network', 90],
      ['network', 100],
      ['decoder', 0],
    ]);
    expect(told[0]).toMatchObject({ model: 'nano', totalBytes: 100 });
  });

  it('leaves out files of other models, and small ones', () => {
    const told: LoadProgress[] = [];
    const { onFile } = createLoadReporter(descriptor, (progress) => told.push(progress));
    onFile('n/unet-instaflow/model.safetensors', 40, 100);
    onFile('n/unet/config.json', 40, 100);
    expect(told).toEqual([]);
  });
});
