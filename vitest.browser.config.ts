import { defineConfig } from 'vitest/config';

/** Tests that drive a real Chromium (CHROMIUM names it): apart from the others, since not every machine has one. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['apps/dashboard/**/*.browser.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
