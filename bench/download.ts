/**
 * npx tsx bench/download.ts [--mib 512] [--pairs 5] [--folder DIR]: a download into the store, hashed, digested and
 * written, against a bare `fetch` of the same file that drops the bytes, in turns, over loopback. Node's fetch and a
 * folder on disk; the code between them is the browser's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseModelSource } from '../src/platform/hub/model-source.ts';
import { defaultTransport } from '../src/platform/hub/transport.ts';
import { diskStorage } from '../src/platform/node/disk-storage.ts';
import { requestOfSource } from '../src/platform/store/model-request.ts';
import { ModelStore } from '../src/platform/store/model-store.ts';
import { ProcessLocks } from '../src/platform/store/process-locks.ts';
import { safetensorsBytes, writeFolder } from '../src/testing/hub-folder.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '512' },
    pairs: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const root = mkdtempSync(join(values.folder, 'bench-download-'));
const sizeBytes = Number(values.mib) * 1024 * 1024;
const weights = 'unet/diffusion_pytorch_model.safetensors';

/** The hub in a process of its own: it must not share a core's time with what is measured more than a network would. */
async function startHub(folder: string): Promise<{ readonly url: string; stop(): void }> {
  const { spawn } = await import('node:child_process');
  const script = join(import.meta.dirname, '../scripts/local-hub.mjs');
  const child = spawn(process.execPath, [script, `bench/model=${folder}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      const found = /http:\S+/u.exec(text.toString())?.[0];
      if (found) resolve(found);
    });
  });
  return { url, stop: () => void child.kill() };
}

async function bareFetch(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(url);
  const reader = response.body!.getReader();
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    received += value.length;
  }
  return received / (performance.now() - began) / 1000;
}

async function storeDownload(url: string, storeAs: 'original' | 'float16'): Promise<number> {
  const storage = diskStorage(mkdtempSync(join(root, 'store-')));
  const store = new ModelStore({
    storage,
    locks: new ProcessLocks(),
    transport: { ...defaultTransport, fetch },
    now: () => performance.now(),
  });
  const request = requestOfSource(parseModelSource('bench/model'), storeAs, 'full');
  const began = performance.now();
  await store.download(request, '', { access: { baseUrl: url } });
  const rate = sizeBytes / (performance.now() - began) / 1000;
  await storage.remove('files');
  return rate;
}

const folder = join(root, 'model');
const small = { 'model_index.json': '{}', 'unet/config.json': '{}' };
const tiny = safetensorsBytes({ a: 4 });
writeFolder(folder, {
  ...small,
  'text_encoder/model.safetensors': tiny,
  'vae/diffusion_pytorch_model.safetensors': tiny,
});
writeFileSync(join(folder, weights), safetensorsBytes({ weight: Math.floor(sizeBytes / 4) }));
const hub = await startHub(folder);
try {
  const url = `${hub.url}/bench/model/resolve/main/${weights}`;
  // The hub hashes the file when it is first asked for.
  await bareFetch(url);
  const rows: { bare: number; original: number; float16: number }[] = [];
  for (let i = 0; i < Number(values.pairs); i++) {
    const row = {
      bare: await bareFetch(url),
      original: await storeDownload(hub.url, 'original'),
      float16: await storeDownload(hub.url, 'float16'),
    };
    rows.push(row);
    const text = Object.entries(row).map(([name, rate]) => `${name} ${rate.toFixed(0)} MB/s`);
    process.stdout.write(`${text.join(', ')}\n`);
  }
  for (const name of ['original', 'float16'] as const) {
    const ratio = median(rows.map((row) => row[name] / row.bare));
    process.stdout.write(`${name}: ${ratio.toFixed(2)} of a bare fetch, median of ${rows.length}\n`);
  }
} finally {
  hub.stop();
  rmSync(root, { recursive: true });
}
