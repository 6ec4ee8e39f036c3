/** The graphics device goes away in the middle of a run: another is made, and the same picture is drawn on it. */
import { expect, test } from '@playwright/test';
import { beginWithSteps } from './first-settings.ts';
import { largestDifference, StudioPage } from './studio-page.ts';

test('a lost device is made anew, and the same seed drawn again', async ({ page }) => {
  const studio = new StudioPage(page);
  await beginWithSteps(page, 2);
  const first = await studio.open('webgpu');
  const worker = page.workers().find((each) => /\/host-[^/]*\.js/u.test(each.url()));
  await worker!.evaluate(() => {
    const encode = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      GPUDevice.prototype.createCommandEncoder = encode;
      this.destroy();
      return encode.apply(this, given);
    };
  });
  const again = await studio.drawBoth();
  await expect(page.getByRole('status', { name: 'Notice' })).toContainText('The graphics device was lost');
  expect(largestDifference(first.one, again.one)).toBe(0);
  expect(largestDifference(first.many, again.many)).toBe(0);
  // Chromium itself complains of calls on a device that is gone.
  expect(studio.complaints.filter((complaint) => complaint.startsWith('uncaught'))).toEqual([]);
});
