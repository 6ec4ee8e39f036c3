import { expect, it } from 'vitest';
import type { AdapterSummary } from '../../worker/protocol.ts';
import type { PresentAdapter } from '../state/adapters.ts';
import { adapterText, addedSentences } from './adapter-words.ts';

const lora: AdapterSummary = { kind: 'lora', parts: ['unet'], layers: 3, ranks: [4, 4], scaleAssumed: false };
const present = (id: string, summary: AdapterSummary): PresentAdapter => ({
  id,
  sizeBytes: 1200,
  summary,
  original: null,
});

it('a scale that is not known is said when the file is added, and beside its name', () => {
  const known = present('painting.safetensors', lora);
  const assumed = present('adapter_model.safetensors', { ...lora, scaleAssumed: true });
  expect(addedSentences([known.id], [known, assumed]).join(' ')).not.toContain('scale');
  expect(addedSentences([known.id, assumed.id], [known, assumed]).join(' ')).toMatch(
    /adapter_model\.safetensors came without .*adapter_config\.json.* 1 is taken/,
  );
  expect(adapterText(assumed)).toBe(`${adapterText(known)}, scale taken as 1`);
});

it('a U-Net waits for the model that it was tuned from', () => {
  const unet = present('unet', { kind: 'unet', parts: ['unet'], layers: 300, ranks: null });
  expect(addedSentences(['unet'], [unet])).toEqual([expect.stringContaining('Choose the model')]);
  expect(addedSentences(['unet'], [{ ...unet, original: 'sd' }])).toEqual([
    expect.stringContaining('Strengths'),
  ]);
});
