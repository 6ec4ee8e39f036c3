/** Pictures of the page for a look before a change is called done: `node scripts/screenshots.mjs OUT_DIR`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { findOrInstallChromium } from './find-chromium.mjs';

const out = process.argv[2] ?? '.cache/screenshots';
mkdirSync(out, { recursive: true });
const server = await preview({ logLevel: 'warn', preview: { port: 4871 } });
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: ['--no-sandbox'] });
const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of sizes) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`${server.resolvedUrls.local[0]}?backend=wasm`);
    await page.waitForFunction(
      () => document.querySelectorAll('[data-state="done"]').length === 2,
      undefined,
      {
        timeout: 180_000,
      },
    );
    await page.waitForTimeout(1500);
    await page.screenshot({ path: join(out, `done-${width}-${colorScheme}.png`), fullPage: width < 1000 });
    await page.close();
  }
}
await browser.close();
await server.close();
