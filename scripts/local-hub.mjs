/**
 * node scripts/local-hub.mjs ID=FOLDER ... [--port N] [--rate BYTES_PER_SECOND] [--gated ID]
 * Serves folders as repositories of a hub on this machine, for trying downloads without the real one. In the page:
 * Models, "Hub and token", the printed address.
 */
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, rate: { type: 'string' }, gated: { type: 'string', multiple: true } },
});
if (positionals.length === 0 || positionals.some((entry) => !entry.includes('='))) {
  process.stderr.write(
    'usage: node scripts/local-hub.mjs owner/name=FOLDER ... [--port N] [--rate N] [--gated ID]\n',
  );
  process.exit(2);
}
register();
const { startLocalHub } = await import('../src/testing/local-hub/local-hub.ts');
const repositories = Object.fromEntries(
  positionals.map((entry) => {
    const [id, folder] = entry.split('=');
    return [id, { folder, gated: values.gated?.includes(id) }];
  }),
);
const hub = await startLocalHub({
  repositories,
  tokens: ['hf_local'],
  port: Number(values.port ?? 0),
  ...(values.rate && { bytesPerSecond: Number(values.rate) }),
});
process.stdout.write(`Hub: ${hub.url} (token for gated models: hf_local)\n`);
