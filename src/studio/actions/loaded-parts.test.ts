import { expect, it } from 'vitest';
import { drawnPair, settle } from '../test/studio-by-hand.ts';
import { followLoadedParts, partsByFolder } from './loaded-parts.ts';

const network = { part: 'network', folder: 'nano/unet', sizeBytes: 100 } as const;
const decoder = { part: 'decoder', folder: 'nano/vae', sizeBytes: 30 } as const;

it('adds up what one folder is loaded for', () => {
  expect([...partsByFolder([network, decoder, { ...network, sizeBytes: 50 }])]).toEqual([
    ['nano/unet', { ...network, sizeBytes: 150 }],
    ['nano/vae', decoder],
  ]);
});

it('is what the latest draw tells, released parts gone, and nothing of an engine before', async () => {
  const { store, actions, draws } = await drawnPair();
  const parts = followLoadedParts(store);
  actions.change({ prompt: 'an owl' });
  actions.draw();
  await settle();
  await draws[2]?.finish({ loaded: [network, decoder] });
  expect([...parts.getState().keys()]).toEqual(['nano/unet', 'nano/vae']);
  await draws[3]?.finish({ loaded: [{ ...network, folder: 'other/unet' }, decoder] });
  expect([...parts.getState().keys()]).toEqual(['other/unet', 'nano/vae']);
  actions.swap();
  expect([...parts.getState().keys()]).toEqual(['other/unet', 'nano/vae']);
  parts.told({ loaded: [decoder] });
  expect([...parts.getState().keys()]).toEqual(['nano/vae']);
  void actions.restartEngine('auto');
  expect(parts.getState().size).toBe(0);
});
