import { expect, it } from 'vitest';
import { DeviceErrors } from './device-errors.ts';

class GPUOutOfMemoryError extends Error {}
class GPUValidationError extends Error {}

function watched() {
  const device = new EventTarget();
  const errors = new DeviceErrors(device as GPUDevice);
  const raise = (error: Error) =>
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
  return { errors, raise };
}

it('a run in which the device had an error is no run', () => {
  const { errors, raise } = watched();
  errors.assertNone('running unet');
  raise(new GPUValidationError('Binding size is too large.\n - While encoding'));
  raise(new GPUOutOfMemoryError('later'));
  expect(() => errors.assertNone('running unet')).toThrow(
    expect.objectContaining({
      code: 'backend-failed',
      message: 'The graphics device reported an error while running unet.',
      found: 'Binding size is too large.',
    }),
  );
});

it('tells one error once, and memory by its name', () => {
  const { errors, raise } = watched();
  raise(new GPUOutOfMemoryError('no room'));
  expect(() => errors.assertNone('running vae')).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
  errors.assertNone('running vae');
});
