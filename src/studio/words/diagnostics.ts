/** Everything about engine and browser as rows to read and as text for a bug report. */

import type { BackendReport } from '../../worker/protocol.ts';
import type { AdapterFacts } from '../actions/read-adapter.ts';
import type { EngineState } from '../state/engine.ts';
import {
  attentionText,
  backendWithThreads,
  conditionText,
  precisionText,
  reportText,
} from './engine-words.ts';
import { bytesText } from './measures.ts';

export interface BrowserFacts {
  readonly userAgent: string;
  readonly isolated: boolean;
  readonly processors: number;
  /** null where the browser has no WebGPU or no adapter; undefined until it has answered. */
  readonly adapter: AdapterFacts | null | undefined;
  readonly appVersion: string;
  /** Kept for use without a network: 'ready', 'failed', or undefined before it was tried. */
  readonly offline: string | undefined;
}

export type FactRow = readonly [name: string, value: string];

const limitNames: Readonly<Record<string, string>> = {
  maxBufferSize: 'Largest buffer',
  maxStorageBufferBindingSize: 'Largest binding',
  maxComputeWorkgroupStorageSize: 'Workgroup memory',
  maxComputeInvocationsPerWorkgroup: 'Invocations a workgroup',
  maxStorageBuffersPerShaderStage: 'Storage buffers a stage',
};
const inBytes = /Size$/u;

const limitRows = (limits: AdapterFacts['limits']): readonly FactRow[] =>
  Object.entries(limits).map(([name, value]) => [
    limitNames[name] ?? name,
    inBytes.test(name) && value >= 1000 ? bytesText(value) : String(value),
  ]);

const engineRows = (report: BackendReport): readonly FactRow[] => [
  ['Backend', backendWithThreads(report)],
  ['Device', report.device],
  ['Precision', precisionText(report.variant)],
  ['Attention', attentionText(report.variant)],
  ['Runtime', report.runtimeVersion],
];

const adapterName = (adapter: BrowserFacts['adapter']): string =>
  adapter === undefined
    ? 'asking the browser'
    : (adapter?.name ?? 'none: this browser offers no WebGPU here');

/** Of an engine that stopped, also what it had run on. */
export function diagnosticRows(engine: EngineState, browser: BrowserFacts): readonly FactRow[] {
  const { adapter, isolated, offline } = browser;
  const { status, report } = engine;
  return [
    ...(status === 'failed' ? [['Engine', conditionText(engine)] as const] : []),
    ...(report === null ? [] : engineRows(report)),
    ['Graphics adapter', adapterName(adapter)],
    ...(adapter == null
      ? []
      : [
          ['float16 shaders', adapter.features.includes('shader-f16') ? 'yes' : 'no'] as const,
          ...limitRows(adapter.limits),
          ['Features', adapter.features.join(', ') || 'none'] as const,
        ]),
    [
      'Threads',
      isolated ? `${browser.processors} processors, page isolated` : 'one: the page is not isolated',
    ],
    [
      'Without a network',
      offline === 'ready'
        ? 'ready'
        : offline === 'failed'
          ? 'not kept: no room or no connection'
          : 'not kept yet',
    ],
    ['App', browser.appVersion],
    ['Browser', browser.userAgent],
  ];
}

/** Rows, then the self-test's lines. */
export function diagnosticText(engine: EngineState, browser: BrowserFacts): string {
  const { report } = engine;
  const rows = diagnosticRows(engine, browser).map(([name, value]) => `${name}: ${value}`);
  const checks = report === null ? [] : [reportText(report, browser.userAgent)];
  return [...rows, '', ...checks].join('\n');
}
