import { describe, expect, it } from 'vitest';
import { startingEngine } from '../state/engine.ts';
import { backendReport, drawResult } from '../test/sample-runs.ts';
import {
  attentionText,
  backendWithThreads,
  checkErrorText,
  conditionText,
  precisionText,
  reportText,
  resultPrecisionText,
} from './engine-words.ts';

describe('the engine in words', () => {
  it('names backend and threads', () => {
    expect(backendWithThreads({ backend: 'webgpu', threads: 0 })).toBe('WebGPU');
    expect(backendWithThreads({ backend: 'wasm', threads: 1 })).toBe('WASM with 1 thread');
    expect(backendWithThreads({ backend: 'wasm', threads: 8 })).toBe('WASM with 8 threads');
  });

  it('names what runs now, and not what a stopped engine had run on', () => {
    const starting = startingEngine('auto');
    expect(conditionText(starting)).toMatch(/^It starts/);
    const ready = { ...starting, status: 'ready' as const, report: backendReport() };
    expect(conditionText(ready)).toMatch(/^WebGPU, float/);
    const error = { code: 'backend-lost' as const, message: 'The device was lost.' };
    expect(conditionText({ ...ready, status: 'failed', error })).toBe('Stopped: The device was lost.');
  });

  it('names precision and attention', () => {
    expect(precisionText({ attention: 'fused', dtype: 'f32' })).toBe('float32');
    expect(precisionText({ attention: 'fused', dtype: 'f16' })).toBe('float16');
    expect(attentionText({ attention: 'decomposed', dtype: 'f32' })).toMatch(/decomposed/);
    expect(attentionText({ attention: 'blocked', dtype: 'f32' })).toMatch(/fused.*blocks/);
  });

  it('names the stages that float16 could not carry', () => {
    const variant = { attention: 'fused', dtype: 'f16' } as const;
    expect(resultPrecisionText(drawResult({ variant }))).toBe('float16');
    expect(resultPrecisionText(drawResult({ variant, float32Stages: ['decoder'] }))).toBe(
      'float16, decoder in float32',
    );
    expect(resultPrecisionText(drawResult({ float32Stages: ['decoder'] }))).toBe('float32');
  });

  it('tells a check that did not run', () => {
    expect(checkErrorText({ name: '', pass: false, relativeError: Number.NaN, milliseconds: 0 })).toBe(
      'did not run',
    );
  });

  it('copies everything a bug report needs', () => {
    const text = reportText(backendReport({ fallback: 'No WebGPU.' }), 'Agent 1.0');
    for (const part of [
      'WebGPU',
      'Some adapter',
      'float32',
      'No WebGPU.',
      '1.30.0',
      'Agent 1.0',
      'conv 3x3',
    ]) {
      expect(text).toContain(part);
    }
    expect(reportText(backendReport(), '')).not.toContain('Fallback');
  });
});
