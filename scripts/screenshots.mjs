/**
 * Pictures of every view at three widths in both themes, with pictures that the engine draws meanwhile:
 * `node scripts/screenshots.mjs [OUT_DIR] [--dist DIR] [--views studio,sweep] [--full]`. Without OUT_DIR they go to
 * docs/screenshots, where README.md shows them. The app is built first unless --dist names one that is.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { build, preview } from 'vite';
import { findOrInstallChromium } from './find-chromium.mjs';
import { views } from './screenshot-views.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: 'string' },
    views: { type: 'string' },
    /** Whole pages instead of what a screen shows. */
    full: { type: 'boolean', default: false },
    port: { type: 'string', default: '4871' },
    quality: { type: 'string', default: '50' },
  },
});
const out = positionals[0] ?? 'docs/screenshots';
const wanted = values.views?.split(',');
const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];

mkdirSync(out, { recursive: true });
const outDir = values.dist ?? 'dist';
if (values.dist === undefined) await build({ logLevel: 'warn' });
const server = await preview({
  logLevel: 'warn',
  build: { outDir },
  preview: { port: Number(values.port), strictPort: true },
});
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: ['--no-sandbox'] });
// Nothing moves in a picture: blinking and playing wait to be asked.
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  reducedMotion: 'reduce',
  serviceWorkers: 'block',
});
const page = await context.newPage();
let bytes = 0;

async function photograph(name) {
  await page.evaluate(() => {
    for (const scrolled of [document.documentElement, ...document.querySelectorAll('main')])
      scrolled.scrollTop = 0;
  });
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      // The plot is drawn again for a new width, tooltips go.
      await page.waitForTimeout(400);
      const png = await page.screenshot({ fullPage: values.full, animations: 'disabled' });
      const file = join(out, `${name}-${width}-${colorScheme}.webp`);
      const { size } = await sharp(png)
        .webp({ quality: Number(values.quality), effort: 6 })
        .toFile(file);
      bytes += size;
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

try {
  await page.goto(`${server.resolvedUrls.local[0]}?backend=wasm`);
  for (const { name, open, leave } of views) {
    const shown = wanted === undefined || wanted.includes(name);
    // What is left out still runs where later views need it.
    if (!shown && name !== 'studio') continue;
    await open(page);
    if (shown) await photograph(name);
    await leave?.(page);
    process.stderr.write(`${name}\n`);
  }
  process.stdout.write(`${Math.round(bytes / 1024)} KiB in ${out}\n`);
} finally {
  await browser.close();
  await server.close();
}
