/**
 * Pictures of every view at three widths in both themes, with what the engine draws meanwhile:
 * `node scripts/screenshots.mjs` writes docs/screenshots, its README.md and docs/studio.webp;
 * `node scripts/screenshots.mjs OUT_DIR [--views studio,sweep] [--full]` writes all views, or some, as they are on the
 * screen, for a look before a change is called done. The app is built first unless --dist names one that is.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
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
  },
});
const docs = 'docs/screenshots';
const out = positionals[0] ?? docs;
/** All of docs/screenshots takes 1 MB at most: fewer views there, desks' screens at three quarters. */
const forDocs = out === docs;
const encoding = { quality: forDocs ? 38 : 60, effort: 6, preset: 'picture' };
const wanted =
  values.views?.split(',') ?? views.flatMap(({ name, inDocs }) => (inDocs || !forDocs ? [name] : []));
const themes = ['light', 'dark'];
const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];

mkdirSync(out, { recursive: true });
if (values.dist === undefined) await build({ logLevel: 'warn' });
const server = await preview({
  logLevel: 'warn',
  build: { outDir: values.dist ?? 'dist' },
  preview: { port: Number(values.port), strictPort: true },
});
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
const page = await context.newPage();
let bytes = 0;

async function photograph(name) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    for (const scrolled of [document.documentElement, ...document.querySelectorAll('main')])
      scrolled.scrollTop = 0;
  });
  // Off every button.
  await page.mouse.move(0, 0);
  for (const colorScheme of themes) {
    // Nothing moves in a picture: blinking and playing wait to be asked.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      // Plots and scenes are drawn again for a new width and theme.
      await page.waitForTimeout(1000);
      const png = await page.screenshot({ fullPage: values.full, animations: 'disabled' });
      const scaled = forDocs && width > 390 ? sharp(png).resize({ width: 0.75 * width }) : sharp(png);
      const { size } = await scaled.webp(encoding).toFile(join(out, `${name}-${width}-${colorScheme}.webp`));
      bytes += size;
      if (forDocs && name === 'studio' && width === 1440 && colorScheme === 'light') {
        await sharp(png).webp({ quality: 60, effort: 6 }).toFile('docs/studio.webp');
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The pictures as a page: a view a section, on desks first. */
function contents() {
  const sections = views
    .filter(({ inDocs }) => inDocs)
    .map(({ name, title }) => {
      const row = (width, shown) =>
        themes.map(
          (theme) =>
            `<img src="${name}-${width}-${theme}.webp" width="${shown}" alt="${title}, ${width} px, ${theme}">`,
        );
      return `## ${title}\n${[...row(1440, 420), ...row(1024, 300), ...row(390, 150)].join('\n')}\n`;
    });
  return `# Every view, at 1440, 1024 and 390 px, light and dark
Taken by \`node scripts/screenshots.mjs\` in Chromium, on WASM with two threads; every picture is drawn by the embedded
models while they are taken. Desks' screens are shown at three quarters of their size.

${sections.join('\n')}`;
}

try {
  await page.goto(`${server.resolvedUrls.local[0]}?backend=wasm`);
  for (const { name, open, leave } of views) {
    // Later views need what the studio draws first.
    if (!wanted.includes(name) && name !== 'studio') continue;
    await open(page);
    if (wanted.includes(name)) await photograph(name);
    await leave?.(page);
    process.stderr.write(`${name}\n`);
  }
  if (forDocs) writeFileSync(join(out, 'README.md'), contents());
  process.stdout.write(`${Math.round(bytes / 1024)} KiB in ${out}\n`);
} finally {
  await browser.close();
  await server.close();
}
