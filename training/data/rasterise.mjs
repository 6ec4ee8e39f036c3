// Draws the icons of three npm emoji packs to RGBA pictures for training.
// usage: node training/data/rasterise.mjs OUT_DIR
// writes OUT_DIR/pictures.rgba   uint8 [N, 64, 64, 4], straight alpha, row-major
//        OUT_DIR/pictures.json   [{pack, icon, label, tags}] in the same order
// Skin-tone variants and flags are left out. An icon sharp cannot draw is skipped and counted.
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'

const SIZE_PX = 64
const PACKS = ['noto', 'fluent-emoji-flat', 'twemoji']
const require = createRequire(import.meta.url)
const outDir = process.argv[2]
if (!outDir) throw new Error('usage: rasterise.mjs OUT_DIR')
mkdirSync(outDir, { recursive: true })

const readJson = (name) => JSON.parse(readFileSync(require.resolve(name), 'utf8'))

// iconify names its icons by the slug of the Unicode name; emojibase supplies the search tags.
const slugOf = (label) =>
  label
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
const tagsBySlug = new Map(
  readJson('emojibase-data/en/data.json').map((emoji) => [
    slugOf(emoji.label),
    { label: emoji.label, tags: emoji.tags ?? [] },
  ]),
)

async function drawIcon(pack, icon) {
  const { body, left = 0, top = 0, width = pack.width ?? 16, height = pack.height ?? 16 } = icon
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${SIZE_PX}" height="${SIZE_PX}" viewBox="${left} ${top} ${width} ${height}">${body}</svg>`
  return sharp(Buffer.from(svg)).resize(SIZE_PX, SIZE_PX).ensureAlpha().raw().toBuffer()
}

const index = []
let skipped = 0
const pixels = createWriteStream(join(outDir, 'pictures.rgba'))
for (const name of PACKS) {
  const pack = readJson(`@iconify-json/${name}/icons.json`)
  for (const [icon, source] of Object.entries(pack.icons)) {
    if (/skin-tone/.test(icon) || /^flag(-|s?$)/.test(icon)) continue
    try {
      const rgba = await drawIcon(pack, source)
      if (rgba.length !== SIZE_PX * SIZE_PX * 4) throw new Error(`got ${rgba.length} bytes`)
      pixels.write(rgba)
    } catch {
      skipped += 1
      continue
    }
    const known = tagsBySlug.get(icon)
    index.push({
      pack: name,
      icon,
      label: known?.label ?? icon.replaceAll('-', ' '),
      tags: known?.tags ?? [],
    })
  }
}
await new Promise((resolve, reject) => pixels.end(resolve).on('error', reject))
writeFileSync(join(outDir, 'pictures.json'), JSON.stringify(index))
console.error(`${index.length} pictures, ${skipped} skipped`)
