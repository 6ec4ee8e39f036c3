import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../engine/core/errors.ts';
import { collectGarbage } from '../testing/collect-garbage.ts';
import { connectEngine } from './client.ts';
import type { HostApi } from './host-api.ts';
import { outcomeOf } from './outcome.ts';
import type { BackendReport, DrawEvent, DrawRequest, DrawResult, EngineClient } from './protocol.ts';

const request: DrawRequest = {
  model: 'nano',
  prompt: '',
  stepCount: 1,
  guidanceScale: 1,
  seed: 1,
  width: 64,
  height: 64,
  previews: false,
};
const report = { backend: 'wasm' } as BackendReport;
const result = { sampler: 'rectified-flow' } as DrawResult;

const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** A client over a real message channel; the other end answers with `host`. */
function clientOf({ ended, ...host }: Partial<HostApi> & { ended?: () => Promise<void> }): {
  client: EngineClient;
  worker: EventTarget;
} {
  const { port1, port2 } = new MessageChannel();
  expose(host, port2 as unknown as Parameters<typeof expose>[1]);
  port2.start();
  port1.start();
  const worker = Object.assign(port1, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  }) as unknown as Worker;
  const client = connectEngine(worker, 'http://localhost/models/', ended);
  clients.push(client);
  return { client, worker };
}

const later = (milliseconds = 20) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('connectEngine', () => {
  it('hands answers through and revives errors with their code and details', async () => {
    const { client } = clientOf({
      start: () => outcomeOf(async () => report),
      models: () =>
        outcomeOf(async () => {
          throw new EngineError('tensor-missing', 'No such tensor.', {
            subject: 'conv_in.weight',
            wanted: '[8]',
          });
        }),
    });
    expect(await client.start('auto')).toEqual(report);
    const error = await client.models().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'tensor-missing', subject: 'conv_in.weight', wanted: '[8]' });
  });

  it('tells the events of a draw in order', async () => {
    const { client } = clientOf({
      draw: (_id, _request, onEvent) =>
        outcomeOf(async () => {
          await onEvent({ kind: 'text' });
          await onEvent({ kind: 'decode' });
          return result;
        }),
    });
    const events: DrawEvent[] = [];
    expect(await client.draw(request, { onEvent: (event) => events.push(event) })).toEqual(result);
    expect(events.map(({ kind }) => kind)).toEqual(['text', 'decode']);
  });

  it('keeps nothing of a draw that is over', async () => {
    const { client } = clientOf({ draw: () => outcomeOf(async () => result) });
    const drawn = new WeakRef(await client.draw(request, { signal: new AbortController().signal }));
    await collectGarbage();
    expect(drawn.deref()).toBeUndefined();
  });

  it('rejects a cancelled draw at once, tells the worker, and hears no more events of it', async () => {
    const cancelled: number[] = [];
    const told: DrawEvent[] = [];
    let tell: (event: DrawEvent) => void = () => {};
    const { client } = clientOf({
      draw: (_id, _request, onEvent) => {
        tell = onEvent;
        return new Promise(() => {});
      },
      cancel: (id) => void cancelled.push(id),
    });
    const abort = new AbortController();
    const drawing = client.draw(request, { signal: abort.signal, onEvent: (event) => told.push(event) });
    await later();
    abort.abort();
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
    tell({ kind: 'decode' });
    await later();
    expect(cancelled).toEqual([1]);
    expect(told).toEqual([]);
  });

  it('asks nothing of the worker for a signal that has fired before', async () => {
    let draws = 0;
    const { client } = clientOf({
      draw: () => outcomeOf(async () => ({ ...result, evaluations: ++draws })),
    });
    const drawing = client.draw(request, { signal: AbortSignal.abort() });
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
    await later();
    expect(draws).toBe(0);
  });

  it('leaves no call waiting when the client is disposed or the worker breaks', async () => {
    const waiting = clientOf({ models: () => new Promise(() => {}) });
    const models = waiting.client.models();
    waiting.client.dispose();
    await expect(models).rejects.toMatchObject({ code: 'aborted' });

    const broken = clientOf({ start: () => new Promise(() => {}) });
    const start = broken.client.start('auto');
    broken.worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of luck' }));
    await expect(start).rejects.toMatchObject({ code: 'worker-lost', found: 'out of luck' });
  });

  it('leaves no call waiting for a worker that ended without a word', async () => {
    let end = () => {};
    const { client } = clientOf({
      start: () => outcomeOf(async () => report),
      models: () => new Promise(() => {}),
      ended: () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    });
    await client.start('auto');
    const models = client.models();
    end();
    await expect(models).rejects.toMatchObject({ code: 'worker-lost' });
    await expect(client.draw(request, {})).rejects.toMatchObject({ code: 'worker-lost' });
  });
});
