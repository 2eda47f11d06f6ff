import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { testSeed } from './scripts/lib/test-seed.mjs';

/**
 * What every project's tests share. The JSON report is what `npm test` adds up; packages are read from their
 * sources, so that no build has to run before the tests.
 */
export function testConfig(overrides: ViteUserConfig = {}): ViteUserConfig {
  const { test, ...rest } = overrides;
  return defineConfig({
    ...rest,
    resolve: { ...rest.resolve, conditions: ['@aether-v/source', 'module', 'node', 'import', 'default'] },
    ssr: { resolve: { conditions: ['@aether-v/source', 'module', 'node', 'import', 'default'] } },
    test: {
      include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
      reporters: ['default', ['json', { outputFile: 'test-results/report.json' }]],
      // Samples of long suites are drawn with this seed; AETHER_LONG=1 runs them whole (docs/testing.md).
      env: { AETHER_SEED: String(testSeed()) },
      // They end a test that hangs. Speed is not judged here: machines are shared.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      ...test,
    },
  });
}
