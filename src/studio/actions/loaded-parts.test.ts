import { describe, expect, it } from 'vitest';
import { manyStepModel } from '../test/sample-runs.ts';
import { withLoaded } from './loaded-parts.ts';

const model = {
  ...manyStepModel,
  components: { tokenizer: 't', text_encoder: 'nano/text_encoder', unet: 'nano/unet', vae: 'nano/vae' },
};
const told = (part: string, loadedBytes: number, totalBytes = 100) => ({
  model: model.id,
  part,
  loadedBytes,
  totalBytes,
});

describe('loaded parts', () => {
  it('count once they are whole, by the folder that models share', () => {
    let parts = withLoaded(new Map(), told('network', 60), [model]);
    expect(parts.size).toBe(0);
    parts = withLoaded(parts, told('network', 100), [model]);
    parts = withLoaded(parts, told('decoder', 100), [model]);
    parts = withLoaded(parts, told('network', 100), [model]);
    expect([...parts]).toEqual([
      ['nano/unet', { part: 'network', bytes: 100 }],
      ['nano/vae', { part: 'decoder', bytes: 100 }],
    ]);
  });

  it('of a model that is not known, or of unknown size, are left out', () => {
    expect(withLoaded(new Map(), { ...told('network', 1, 1), model: 'x' }, [model]).size).toBe(0);
    expect(withLoaded(new Map(), told('network', 0, 0), [model]).size).toBe(0);
  });
});
