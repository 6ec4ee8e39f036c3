import { describe, expect, it } from 'vitest';
import { startingEngine } from '../state/engine.ts';
import { backendReport } from '../test/sample-runs.ts';
import { type BrowserFacts, diagnosticRows, diagnosticText } from './diagnostics.ts';

const browser: BrowserFacts = {
  userAgent: 'Some browser',
  isolated: true,
  processors: 8,
  adapter: {
    name: 'Some adapter',
    features: ['shader-f16', 'timestamp-query'],
    limits: { maxBufferSize: 4_294_967_296, maxComputeWorkgroupStorageSize: 32_768 },
  },
  appVersion: '0.1.0',
  offline: 'ready',
};

const ready = { ...startingEngine('auto'), status: 'ready' as const, report: backendReport() };

describe('diagnostics', () => {
  it('name backend, adapter, limits, threads and versions', () => {
    const rows = Object.fromEntries(diagnosticRows(ready, browser));
    expect(rows).toMatchObject({
      Backend: 'WebGPU',
      'Largest buffer': '4.29 GB',
      'Workgroup memory': '33 KB',
      'float16 shaders': 'yes',
      Threads: '8 processors, page isolated',
      'Without a network': 'ready',
    });
  });

  it('say what is missing', () => {
    const rows = Object.fromEntries(
      diagnosticRows(startingEngine('auto'), {
        ...browser,
        adapter: null,
        isolated: false,
        offline: undefined,
      }),
    );
    expect(rows['Graphics adapter']).toMatch(/no WebGPU/);
    expect(rows.Threads).toMatch(/not isolated/);
    expect(rows['Without a network']).toBe('not kept yet');
  });

  it('say that the engine stopped before what it had run on', () => {
    const error = { code: 'backend-lost' as const, message: 'The device was lost.' };
    const text = diagnosticText({ ...ready, status: 'failed', error }, browser);
    expect(text).toMatch(/^Engine: Stopped: The device was lost\.\nBackend: WebGPU\n/);
  });

  it('do not deny an adapter before the browser has answered', () => {
    const rows = Object.fromEntries(diagnosticRows(ready, { ...browser, adapter: undefined }));
    expect(rows['Graphics adapter']).toBe('asking the browser');
    expect(rows['float16 shaders']).toBeUndefined();
  });

  it('are copied with the self-test', () => {
    const text = diagnosticText(ready, browser);
    expect(text).toMatch(/^Backend: WebGPU\n/);
    expect(text).toMatch(/right {2}conv 3x3/);
  });
});
