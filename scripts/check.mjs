/**
 * npm run check: format, lint, types, import rules, dead code, lockfile, size, unit tests; for every commit.
 * What takes minutes (vitest's project 'recorded', end to end) is left to npm test.
 */
import { installModules } from './install-modules.mjs';
import { runStep } from './run-step.mjs';

installModules();

const steps = [
  ['format and lint', ['npx', 'biome', 'check', '--error-on-warnings']],
  ['types', ['npx', 'tsc', '-p', 'tsconfig.json']],
  ['types of the engine, without the DOM', ['npx', 'tsc', '-p', 'tsconfig.engine.json']],
  ['types of the service worker', ['npx', 'tsc', '-p', 'tsconfig.service-worker.json']],
  ['import rules', ['node', 'scripts/check-imports.mjs']],
  ['dead code', ['npx', 'knip']],
  ['lockfile is whole', ['node', 'scripts/check-lockfile.mjs']],
  ['tracked files fit a small transfer', ['node', 'scripts/check-size.mjs']],
];
if (!process.argv.includes('--no-tests')) {
  // The longest first: the others fit beside it.
  steps.unshift(['unit tests', ['npx', 'vitest', 'run', '--project', 'unit']]);
}

const results = [];
// Two at a time: the machines that this is for have two cores.
const queue = [...steps];
const worker = async () => {
  for (let step = queue.shift(); step; step = queue.shift()) results.push(await runStep(...step));
};
await Promise.all([worker(), worker()]);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
