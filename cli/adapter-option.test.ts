import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { loraOption, reportAssumedScales } from './adapter-option.ts';

it('says which LoRA has a scale that nothing tells', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const folder = await mkdtemp(join(tmpdir(), 'lora-'));
  try {
    const recorded = 'fixtures/reference/lora/peft_attn.safetensors';
    const path = join(folder, 'adapter_model.safetensors');
    await copyFile(recorded, path);
    await reportAssumedScales([loraOption(`${path}:0.5`), loraOption(recorded)]);
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^adapter_model\.safetensors .*1 is taken/)]]);
    await writeFile(join(folder, 'adapter_config.json'), '{"lora_alpha": 4}');
    await reportAssumedScales([loraOption(path)]);
    expect(said).toHaveBeenCalledTimes(1);
  } finally {
    said.mockRestore();
    await rm(folder, { recursive: true });
  }
});
