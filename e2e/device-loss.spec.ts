/** The graphics device goes away, then has no room, in the middle of a run: a new engine draws the same picture. */
import { expect, test, type Worker } from '@playwright/test';
import { beginWithSteps } from './first-settings.ts';
import { largestDifference, StudioPage } from './studio-page.ts';

const loseDevice = (): void => {
  const encode = GPUDevice.prototype.createCommandEncoder;
  GPUDevice.prototype.createCommandEncoder = function (...given) {
    GPUDevice.prototype.createCommandEncoder = encode;
    this.destroy();
    return encode.apply(this, given);
  };
};

/** As Chromium reports a buffer for which there was no room: no call fails, and what reads it is wrong. */
const exhaustMemory = (): void => {
  const encode = GPUDevice.prototype.createCommandEncoder;
  GPUDevice.prototype.createCommandEncoder = function (...given) {
    GPUDevice.prototype.createCommandEncoder = encode;
    const error = new GPUOutOfMemoryError('no room for 2147483648 bytes');
    this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    return encode.apply(this, given);
  };
};

test('a lost device, or memory that ran out, is met with a new engine and the same seed', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 2);
  const first = await studio.open('webgpu');
  const notice = page.getByRole('status', { name: 'Notice' });
  const engineWorker = (): Worker => page.workers().findLast((each) => /\/host-[^/]*\.js/u.test(each.url()))!;

  await engineWorker().evaluate(loseDevice);
  const afterLoss = await studio.drawBoth();
  await expect(notice).toContainText('The graphics device was lost');
  expect(largestDifference(first.one, afterLoss.one)).toBe(0);
  expect(largestDifference(first.many, afterLoss.many)).toBe(0);
  // Chromium itself complains of calls on a device that is gone.
  expect(studio.complaints.filter((complaint) => complaint.startsWith('uncaught'))).toEqual([]);

  await engineWorker().evaluate(exhaustMemory);
  const afterMemory = await studio.drawBoth();
  await expect(notice).toContainText('Not enough memory');
  expect(largestDifference(first.one, afterMemory.one)).toBe(0);
  expect(largestDifference(first.many, afterMemory.many)).toBe(0);
});
