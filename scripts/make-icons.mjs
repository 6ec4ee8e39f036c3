/** The app's icons as PNG, from public/icon.svg; run after the mark changes: `node scripts/make-icons.mjs`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './install-modules.mjs';

const folder = join(root, 'public');
const mark = readFileSync(join(folder, 'icon.svg'), 'utf8');
/** Platforms cut a maskable icon to a shape of theirs: the ground goes to the edges, the mark into the middle. */
const maskable = mark
  .replace(' rx="7"', '')
  .replace(/(<rect [^>]*\/>)([\s\S]*)(<\/svg>)/u, '$1<g transform="translate(3.2 3.2) scale(.8)">$2</g>$3');
const opaqueEdges = mark.replace(' rx="7"', '');

for (const [name, svg, size] of [
  ['icon-180', opaqueEdges, 180],
  ['icon-192', mark, 192],
  ['icon-512', mark, 512],
  ['icon-maskable-512', maskable, 512],
]) {
  await sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(folder, `${name}.png`));
}
