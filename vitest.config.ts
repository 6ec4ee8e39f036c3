import { defineConfig } from 'vitest/config';

/** Unit tests run in Node, where the packages' own Node builds are wanted: nothing of vite.config.ts. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'cli/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
