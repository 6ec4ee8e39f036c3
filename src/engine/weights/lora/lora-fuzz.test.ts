/** Damaged and lying LoRA files: a typed error or a merged checkpoint, nothing else, and no read outside a file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryFiles } from '../../../testing/memory-files.ts';
import { safetensorsOf } from '../../../testing/safetensors-bytes.ts';
import { EngineError } from '../../core/errors.ts';
import { openAdapters } from '../adapter.ts';
import { openCheckpoint } from '../open-checkpoint.ts';

const tensor = (shape: readonly number[]) => ({
  dtype: 'F32',
  shape,
  bytes: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5),
});

const base = safetensorsOf({
  'a.to_q.weight': tensor([2, 3]),
  'a.to_out.0.weight': tensor([3, 3]),
  'conv.weight': tensor([2, 1, 3, 3]),
});

/** @returns whether it was merged; anything but an EngineError is thrown on */
async function tryLora(bytes: Uint8Array, more: Record<string, string> = {}): Promise<boolean> {
  const path = 'adapter_model.safetensors';
  const files = new MemoryFiles({ 'unet/diffusion_pytorch_model.safetensors': base, ...more, [path]: bytes });
  try {
    const set = await openAdapters([{ kind: 'lora', files, path, strength: 1 }]);
    const checkpoint = set.adapt('unet', await openCheckpoint(files, 'unet/diffusion_pytorch_model'));
    for (const name of checkpoint.tensors.keys()) await checkpoint.readTensor(name);
    return true;
  } catch (thrown) {
    if (thrown instanceof EngineError) return false;
    throw thrown;
  }
}

const layers = [
  'a.to_q',
  'a.to_out',
  'a.to_out.0',
  'conv',
  'a_to_q',
  'a.processor.to_q',
  'nowhere',
  '',
  '_',
  '.',
];
const prefixes = ['', 'unet.', 'lora_unet_', 'lora_te_', 'text_encoder.', 'base_model.model.', 'text_model.'];
const endings = [
  '.lora_down.weight',
  '.lora_up.weight',
  '.lora_mid.weight',
  '.alpha',
  '.lora.down.weight',
  '.lora.up.weight',
  '_lora.down.weight',
  '_lora.up.weight',
  '.lora_A.weight',
  '.lora_B.weight',
  '.lora_A.x.weight',
  '.dora_scale',
  '.weight',
  '',
];
const key = fc
  .tuple(fc.constantFrom(...prefixes), fc.constantFrom(...layers), fc.constantFrom(...endings))
  .map((parts) => parts.join(''));
const shape = fc.constantFrom(
  [],
  [0],
  [1],
  [2, 3],
  [2, 2],
  [3, 2],
  [2, 1, 3, 3],
  [2, 2, 1, 1],
  [0, 3],
  [2, 0],
);

it('takes or refuses any set of names and shapes', async () => {
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, shape, { maxKeys: 5 }), async (shapes) => {
      const tensors = Object.fromEntries(Object.entries(shapes).map(([name, dims]) => [name, tensor(dims)]));
      if (await tryLora(safetensorsOf(tensors))) merged += 1;
    }),
    { numRuns: 500 },
  );
  expect(merged).toBeLessThan(500);
});

const wellFormed = safetensorsOf({
  'unet.a.to_q.lora_A.weight': tensor([2, 3]),
  'unet.a.to_q.lora_B.weight': tensor([2, 2]),
});

it('takes or refuses a file with bytes changed or cut off', async () => {
  expect(await tryLora(wellFormed)).toBe(true);
  const change = fc.record({ at: fc.nat(wellFormed.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 4 }),
      fc.nat(wellFormed.length),
      fc.boolean(),
      async (changes, length, cut) => {
        const bytes = wellFormed.slice(0, cut ? length : undefined);
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        await tryLora(bytes);
      },
    ),
    { numRuns: 500 },
  );
});

it('takes or refuses any adapter_config.json', async () => {
  const field = fc.constantFrom('lora_alpha', 'alpha_pattern', 'use_dora', 'use_rslora', 'r');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, fc.jsonValue()), async (fields) => {
      await tryLora(wellFormed, { 'adapter_config.json': JSON.stringify(fields) });
    }),
    { numRuns: 200 },
  );
});
