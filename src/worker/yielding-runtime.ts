/** A runtime whose runs let the worker's messages in: a cancel that waits in the queue is seen before the next run. */
import type { Runtime, Session } from '../engine/pipeline/ports.ts';

/** A message to ourselves comes after those that wait already; timers would add 4 ms to every step. */
function nextMessage(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export function yieldingRuntime(runtime: Runtime): Runtime {
  return {
    get capabilities() {
      return runtime.capabilities;
    },
    variant: runtime.variant,
    async createSession(graph, files, options): Promise<Session> {
      const session = await runtime.createSession(graph, files, options);
      await nextMessage();
      const { keep } = session;
      return {
        ...session,
        async run(feeds) {
          const outputs = await session.run(feeds);
          await nextMessage();
          return outputs;
        },
        ...(keep && {
          async keep(feeds) {
            const outputs = await keep(feeds);
            await nextMessage();
            return outputs;
          },
        }),
      };
    },
    ...(runtime.openExported && {
      async openExported(...given: Parameters<NonNullable<Runtime['openExported']>>) {
        const session = await runtime.openExported!(...given);
        await nextMessage();
        return {
          ...session,
          async run(feeds: Parameters<typeof session.run>[0]) {
            const outputs = await session.run(feeds);
            await nextMessage();
            return outputs;
          },
        };
      },
    }),
    dispose: () => runtime.dispose(),
  };
}
