/** The arrows of docs/architecture.md, held by dependency-cruiser; a run that looked at nothing has failed. */
import { spawnSync } from 'node:child_process';
import { root } from './install-modules.mjs';

const { stdout, stderr } = spawnSync(
  'npx',
  [
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'src',
    'cli',
    'bench',
    'evaluation',
  ],
  { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
let summary;
try {
  ({ summary } = JSON.parse(stdout));
} catch {
  process.stderr.write(`dependency-cruiser gave no report:\n${stderr}${stdout.slice(0, 2000)}\n`);
  process.exit(1);
}
for (const { rule, from, to, cycle } of summary.violations) {
  process.stderr.write(
    `${rule.name}: ${from} -> ${cycle ? cycle.map(({ name }) => name).join(' -> ') : to}\n`,
  );
}
// With a TypeScript that it can't read it cruises nothing, and finds nothing wrong.
if (summary.totalCruised < 50) {
  process.stderr.write(`dependency-cruiser looked at ${summary.totalCruised} modules only.\n`);
  process.exit(1);
}
process.exit(summary.violations.length === 0 ? 0 : 1);
