import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import { ortError } from './ort-errors.ts';

describe('ortError', () => {
  it.each([
    [new Error('std::bad_alloc'), 'out-of-memory'],
    [new Error("Can't create a session. failed to allocate a buffer of size 4294967296."), 'out-of-memory'],
    [new RangeError('Array buffer allocation failed'), 'out-of-memory'],
    [new RangeError('Invalid typed array length: -1'), 'out-of-memory'],
    [new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), 'out-of-memory'],
    [new Error('Aborted(). Build with -sASSERTIONS for more info.'), 'worker-lost'],
    [new WebAssembly.RuntimeError('unreachable'), 'worker-lost'],
    [new WebAssembly.RuntimeError('memory access out of bounds'), 'worker-lost'],
    [new Error('WebGPU device lost (0): Device was destroyed.'), 'backend-lost'],
    [new Error('Failed to run JSEP kernel'), 'backend-failed'],
    [6430176, 'backend-failed'],
  ])('%s is %s', (thrown, code) => {
    expect(ortError(thrown, 'running unet')).toMatchObject({
      code,
      message: expect.stringContaining('running unet'),
    });
  });

  it('leaves our own errors as they are', () => {
    const error = new EngineError('aborted', 'Cancelled.');
    expect(ortError(error, 'loading')).toBe(error);
  });
});
