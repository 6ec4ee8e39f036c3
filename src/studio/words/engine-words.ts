/** Backend, variant and precision in words, and the engine's report as text to copy. */
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import type { BackendName } from '../../engine/pipeline/ports.ts';
import type { BackendReport, DrawResult, SelfTestCheck } from '../../worker/protocol.ts';
import type { EngineState } from '../state/engine.ts';
import { millisecondsText } from './measures.ts';

const backendNames: Readonly<Record<BackendName, string>> = { webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU' };

export const backendText = (backend: BackendName): string => backendNames[backend];

export const precisionText = ({ dtype }: GraphVariant): string => (/16/.test(dtype) ? 'float16' : 'float32');

/** What a result was computed in, its exceptions named: 'float16, decoder in float32'. */
export function resultPrecisionText({ variant, float32Stages }: DrawResult): string {
  if (float32Stages.length === 0 || variant.dtype === 'f32') return precisionText(variant);
  return `${precisionText(variant)}, ${float32Stages.join(' and ')} in float32`;
}

const attentionTexts: Readonly<Record<GraphVariant['attention'], string>> = {
  fused: 'fused kernel',
  blocked: 'fused kernel, in blocks where it is long',
  decomposed: 'decomposed, in query chunks',
};

export const attentionText = ({ attention }: GraphVariant): string => attentionTexts[attention];

/** 'WASM with 8 threads' */
export function backendWithThreads({ backend, threads }: Pick<BackendReport, 'backend' | 'threads'>): string {
  if (threads === 0) return backendText(backend);
  return `${backendText(backend)} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

export const checkErrorText = ({ relativeError }: SelfTestCheck): string =>
  Number.isFinite(relativeError) ? relativeError.toExponential(1) : 'did not run';

/** What the engine is at now: a report that outlived its engine isn't it. */
export function conditionText({ status, report, error }: EngineState): string {
  if (status === 'failed') return `Stopped: ${error?.message ?? 'no reason was given'}`;
  if (report === null) return 'It starts with the studio, or with the benchmark.';
  return `${backendWithThreads(report)}, ${precisionText(report.variant)}`;
}

/** Lines for a bug report. */
export function reportText(report: BackendReport, userAgent: string): string {
  const lines = [
    `Backend: ${backendWithThreads(report)}`,
    `Device: ${report.device}`,
    `Precision: ${precisionText(report.variant)}`,
    `Attention: ${attentionText(report.variant)}`,
    `Reason: ${report.reason}`,
    report.fallback === '' ? '' : `Fallback: ${report.fallback}`,
    `Runtime: ${report.runtimeVersion}`,
    `Browser: ${userAgent}`,
    'Self-test:',
    ...report.checks.map(
      (check) =>
        `  ${check.pass ? 'right' : 'WRONG'}  ${check.name}, error ${checkErrorText(check)}, ${millisecondsText(check.milliseconds)}`,
    ),
  ];
  return lines.filter((line) => line !== '').join('\n');
}
