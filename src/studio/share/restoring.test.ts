import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type DrawSettings, defaultSettings } from '../state/settings.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { backendReport, manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { insertPngText } from './png-text.ts';
import { createRestoring } from './restoring.ts';

const raw = { width: 2, height: 2, channels: 4 } as const;
const png = Uint8Array.from(await sharp(new Uint8Array(16).fill(255), { raw }).png().toBuffer());

async function restored(bytes: Uint8Array<ArrayBuffer>) {
  const studio = createStudioStore(initialStudio(defaultSettings, 'auto'));
  studio.dispatch({ type: 'engine-ready', report: backendReport(), models: [oneStepModel, manyStepModel] });
  const taken: DrawSettings[] = [];
  const restoring = createRestoring(studio, (settings) => taken.push(settings));
  await restoring.open(new File([bytes], 'fox.png'));
  return { taken, outcome: restoring.getState() };
}

describe('a file that is dropped', () => {
  it('hands its settings over', async () => {
    const { taken, outcome } = await restored(
      insertPngText(png, 'parameters', 'a fox\nSteps: 9, CFG scale: 2, Seed: 41, Model: many'),
    );
    expect(taken).toMatchObject([{ prompt: 'a fox', seed: 41, sides: { b: { steps: 9, guidance: 2 } } }]);
    expect(outcome).toEqual({ kind: 'restored', fileName: 'fox.png', missing: [] });
  });

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['is no PNG', new TextEncoder().encode('GIF89a'), /begin/],
    ['has no text', png, /no text/],
    ['has another text', insertPngText(png, 'parameters', 'a caption'), /without steps/],
  ])('changes nothing when it %s, and says why', async (_, bytes, found) => {
    const { taken, outcome } = await restored(bytes);
    expect(taken).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'file-malformed', found: expect.stringMatching(found) },
    });
  });
});
