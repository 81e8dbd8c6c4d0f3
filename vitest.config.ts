import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads the default export of its config file
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Beside other work on a small machine, a thousand policies take their time to be prepared.
    hookTimeout: 60_000,
    // The SDK would print its advice to upgrade Node before every suite.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    restoreMocks: true,
    coverage: {
      provider: 'v8',
      include: ['shared/**', 'functions/**', 'events/**', 'infra/**'],
      thresholds: { 'shared/core/**': { branches: 100 } },
    },
  },
});
