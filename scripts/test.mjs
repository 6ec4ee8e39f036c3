/** npm test: installs what is missing, then runs everything: checks, unit tests, recipe, build, end to end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './free-ports.mjs';
import { installModules, root } from './install-modules.mjs';
import { runStep } from './run-step.mjs';

installModules();
const { findOrInstallChromium } = await import('./find-chromium.mjs');
const reports = join(root, '.cache/test-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let passed = 0;
let failed = 0;
const count = ({ ok }) => {
  if (ok) passed++;
  else failed++;
};

count(await runStep('checks', ['node', 'scripts/check.mjs', '--no-tests']));

const unit = join(reports, 'unit.json');
const unitRun = await runStep('unit tests', [
  'npx',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unit}`,
]);
addCounts(unitRun, unit, ({ numPassedTests, numFailedTests }) => [numPassedTests, numFailedTests]);

await testRecipe();

await testEndToEnd();

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** A runner that failed without a failed test (it crashed, or ran none) counts as one failure. */
function addCounts({ ok }, report, read) {
  const [good, bad] = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : [0, 0];
  passed += good;
  failed += bad;
  if ((!ok && bad === 0) || good + bad === 0) failed++;
}

/** The training recipe's own tests and a smoke run of every stage, where PyTorch is. */
async function testRecipe() {
  const python = ['/usr/bin/python3', 'python3'].find(
    (candidate) => spawnSync(candidate, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  if (!python) {
    process.stdout.write('SKIPPED training recipe: no python3 with PyTorch here\n');
    return;
  }
  const env = { OMP_WAIT_POLICY: 'PASSIVE' };
  for (const module of ['training.test_networks', 'training.test_recipe']) {
    count(await runStep(module, [python, '-m', 'unittest', module], { env }));
  }
}

async function testEndToEnd() {
  const report = join(reports, 'e2e.json');
  const [appPort, pagesPort] = await freePorts(2);
  const env = {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    E2E_APP_PORT: String(appPort),
    E2E_PAGES_PORT: String(pagesPort),
  };
  try {
    env.CHROMIUM = findOrInstallChromium();
  } catch (error) {
    // The numbers so far are still worth a closing line.
    process.stdout.write(`FAIL end to end: ${error.message}\n`);
    failed++;
    return;
  }
  const command = [
    'npx',
    'playwright',
    'test',
    '--config',
    'e2e/playwright.config.ts',
    '--reporter=list,json',
  ];
  const run = await runStep('end to end', command, { env });
  addCounts(run, report, ({ stats }) => [stats.expected, stats.unexpected + stats.flaky]);
}
