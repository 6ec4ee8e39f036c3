/** What a page's main thread works on its own account: a trace's processor time, which a busy machine does not lengthen. */
import type { Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, microseconds; missing where a task ended with the trace. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** @returns processor time of the longest task while `act` ran, ms; throws where the trace holds no tasks */
export async function longestOwnTaskMs(page: Page, act: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page belongs to no browser that can be traced.');
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel'] },
  });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const isMain = new Set(
    events.filter(({ args }) => args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.flatMap(({ name, pid, tid, tdur }) =>
    /RunTask$/u.test(name) && isMain.has(`${pid} ${tid}`) && tdur !== undefined ? [tdur / 1000] : [],
  );
  if (tasks.length < 10) throw new Error(`The trace holds ${tasks.length} tasks of a page's main thread.`);
  return tasks.reduce((most, ms) => Math.max(most, ms), 0);
}
