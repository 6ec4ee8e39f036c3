import { defineConfig } from 'vitest/config';

/** Whole networks over every runtime, and the commands as processes: minutes, so not for every commit. */
const recorded = ['src/engine/parity/**/*.test.ts', 'cli/command-line.test.ts'];

/** Unit tests run in Node, where the packages' own Node builds are wanted: nothing of vite.config.ts. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Hooks load models, on machines that others may use, too.
    hookTimeout: 60_000,
    // Vitest leaves one core idle, which is half of a machine with two: 45 s instead of 27.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.{ts,tsx}',
            'cli/**/*.test.ts',
            'bench/**/*.test.ts',
            'evaluation/**/*.test.ts',
          ],
          exclude: recorded,
        },
      },
      { extends: true, test: { name: 'recorded', include: recorded } },
    ],
  },
});
