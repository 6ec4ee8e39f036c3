/** Files that change weights, from the drop to the request; the worker's answers are given, its reading is tested there. */
import { describe, expect, it } from 'vitest';
import type { AdapterSummary, ChosenAdapter, ChosenFolder } from '../../worker/protocol.ts';
import { planSide } from '../state/draw-plan.ts';
import { defaultSettings } from '../state/settings.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { backendReport, manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { createAdapters } from './adapter-actions.ts';
import { createLocalFiles, type LocalEngine } from './local-files.ts';

const lora: AdapterSummary = { kind: 'lora', parts: ['unet'], layers: 3, ranks: [4, 4] };
const unet: AdapterSummary = { kind: 'unet', parts: ['unet'], layers: 300, ranks: null };

class Refused extends Error {
  toJSON() {
    return { code: 'config-unsupported', message: this.message };
  }
}

/** A worker as far as files go: what it was given, by name. */
function worker() {
  const adapters: ChosenAdapter[] = [];
  const folders: [string, ChosenFolder][] = [];
  const client = {
    start: async () => backendReport(),
    addAdapter: async (adapter: ChosenAdapter) => {
      if (adapter.file.name.startsWith('wrong')) throw new Refused('no LoRA');
      adapters.push(adapter);
      return adapter.file.name.startsWith('unet') ? unet : lora;
    },
    addFolder: async (key: string, folder: ChosenFolder) => {
      folders.push([key, folder]);
      return oneStepModel;
    },
  } as unknown as LocalEngine;
  return { client, adapters, folders };
}

function page() {
  const studio = createStudioStore(initialStudio(defaultSettings, 'auto'));
  const local = createLocalFiles();
  const first = worker();
  local.join(first.client);
  const { store, actions } = createAdapters(studio, local, async () => {});
  const request = (side: 'a' | 'b') =>
    planSide(studio.getState().settings, side, side === 'a' ? oneStepModel : manyStepModel).adapters;
  return { studio, local, first, store, actions, request };
}

const file = (name: string, size = 10) => new File([new Uint8Array(size)], name, { lastModified: 1 });

describe('a LoRA', () => {
  it('is added at full strength on both sides, changed on one, and leaves nothing when it goes', async () => {
    const { actions, request, store } = page();
    await actions.add([file('painting.safetensors')]);
    expect(store.getState().notice).toEqual({ kind: 'added', ids: ['painting.safetensors'] });
    const whole = [{ id: 'painting.safetensors', strength: 1 }];
    expect([request('a'), request('b')]).toEqual([whole, whole]);
    actions.changeStrength('a', 'painting.safetensors', 0.4);
    expect([request('a'), request('b')]).toEqual([[{ id: 'painting.safetensors', strength: 0.4 }], whole]);
    actions.changeStrength('b', 'painting.safetensors', 0);
    expect(request('b')).toBeUndefined();
    actions.remove('painting.safetensors');
    expect([request('a'), request('b')]).toEqual([undefined, undefined]);
    expect(store.getState().present).toEqual([]);
  });

  it('is added in the order of the files, whichever slider was moved last', async () => {
    const { actions, request } = page();
    await actions.add([file('first.safetensors'), file('second.safetensors')]);
    actions.changeStrength('a', 'first.safetensors', 0);
    actions.changeStrength('a', 'first.safetensors', 2);
    expect(request('a')?.map(({ id }) => id)).toEqual(['first.safetensors', 'second.safetensors']);
  });

  it('is told from another file of the same name, and is the same when it comes again', async () => {
    const { actions, store, first } = page();
    await actions.add([file('painting.safetensors')]);
    await actions.add([file('painting.safetensors')]);
    expect(store.getState().present).toHaveLength(1);
    await actions.add([file('painting.safetensors', 11)]);
    expect(store.getState().present.map(({ id }) => id)).toEqual([
      'painting.safetensors',
      'painting.safetensors (2)',
    ]);
    expect(first.adapters.at(-1)?.id).toBe('painting.safetensors (2)');
  });

  it('is another one with a config, which takes the place of the one without', async () => {
    const { actions, request, store, local } = page();
    const [weights, config] = [file('adapter_model.safetensors'), file('adapter_config.json')];
    await actions.add([weights]);
    await actions.add([weights, config]);
    const id = 'adapter_model.safetensors (2)';
    expect(store.getState().present.map((adapter) => adapter.id)).toEqual([id]);
    expect(request('a')).toEqual([{ id, strength: 1 }]);
    await actions.add([weights, file('adapter_config.json', 11)]);
    expect(store.getState().present.map((adapter) => adapter.id)).toEqual(['adapter_model.safetensors (3)']);
    await actions.add([weights, config]);
    expect(store.getState().present.map((adapter) => adapter.id)).toEqual([id]);
    const next = worker();
    await local.join(next.client).start('auto');
    expect(next.adapters.map((adapter) => adapter.id)).toEqual([id]);
  });

  it("takes PEFT's config along, and nothing of a file that is refused", async () => {
    const { actions, store, first } = page();
    await actions.add([file('adapter_config.json'), file('adapter_model.safetensors')]);
    expect(first.adapters).toMatchObject([
      { id: 'adapter_model.safetensors', config: { name: 'adapter_config.json' } },
    ]);
    await actions.add([file('wrong.safetensors')]);
    expect(store.getState()).toMatchObject({
      present: [{ id: 'adapter_model.safetensors' }],
      notice: { kind: 'failed', fileName: 'wrong.safetensors', error: { message: 'no LoRA' } },
    });
  });
});

it('a U-Net in several files is one, as large as all of them', async () => {
  const { actions, store, first } = page();
  const shards = [1, 2].map((i) => file(`unet-0000${i}-of-00002.safetensors`, 1000 * i));
  const index = file('unet.safetensors.index.json', 50);
  await actions.add([...shards, index, file('config.json')]);
  expect(first.adapters).toEqual([{ id: index.name, file: index, shards }]);
  expect(store.getState().present).toMatchObject([{ id: index.name, sizeBytes: 3050 }]);
});

it('a U-Net adds nothing before the model is chosen that it was tuned from', async () => {
  const { actions, request } = page();
  await actions.add([file('unet.safetensors')]);
  expect(request('a')).toBeUndefined();
  actions.chooseOriginal('unet.safetensors', 'many');
  expect(request('a')).toEqual([{ id: 'unet.safetensors', strength: 1, original: 'many' }]);
});

it('files and folders are given to every new worker', async () => {
  const { actions, local } = page();
  const folder: ChosenFolder = { title: 'mine', folder: new Map() };
  await local.addFolder(folder);
  await actions.add([file('painting.safetensors'), file('second.safetensors')]);
  actions.remove('second.safetensors');
  const next = worker();
  await local.join(next.client).start('auto');
  expect(next.folders).toEqual([['folder-1', folder]]);
  expect(next.adapters.map(({ id }) => id)).toEqual(['painting.safetensors']);
});
