/**
 * Errors of a graphics device that no call reports: a buffer it had no room for, a shader that doesn't compile. The device
 * goes on without it, and the numbers that come out are finite and wrong.
 */
import { EngineError } from '../../engine/core/errors.ts';

export class DeviceErrors {
  #unreported: GPUError | undefined;

  constructor(device: Pick<GPUDevice, 'addEventListener'>) {
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#unreported ??= error;
    });
  }

  /**
   * Call once a run's outputs are read: the browser tells of its errors before.
   * @param doing what was under way, a clause
   * @throws EngineError 'out-of-memory' | 'backend-failed' for the first error since the last call
   */
  assertNone(doing: string): void {
    const error = this.#unreported;
    this.#unreported = undefined;
    if (!error) return;
    const memory = error.constructor.name === 'GPUOutOfMemoryError';
    throw new EngineError(
      memory ? 'out-of-memory' : 'backend-failed',
      memory
        ? `Graphics memory ran out while ${doing}.`
        : `The graphics device reported an error while ${doing}.`,
      {
        found: error.message.split('\n', 1)[0]!.slice(0, 400),
        remedy: memory
          ? 'Close other tabs, or choose a smaller model or picture.'
          : 'Try the other backend, and report this message if it stays.',
      },
    );
  }
}
