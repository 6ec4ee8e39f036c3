/** Keeps what waits for the graphics card small while weights are uploaded: each upload has a copy of its own. */

/** Copies that may wait at a time; one tensor may be larger. */
const waitingBytes = 64 * 2 ** 20;

/**
 * @param device whose queue the uploads go to; undefined where there is none
 * @returns to be called before each upload; resolves when there is room for it
 */
export function uploadPace(
  device: () => Promise<Pick<GPUDevice, 'queue'> | undefined>,
): (nextBytes: number) => Promise<void> {
  let waiting = 0;
  return async (nextBytes) => {
    if (waiting > 0 && waiting + nextBytes > waitingBytes) {
      await (await device())?.queue.onSubmittedWorkDone();
      waiting = 0;
    }
    waiting += nextBytes;
  };
}
