import { defineConfig, type ViteUserConfig } from 'vitest/config';

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
      // These end hangs; how fast something is nobody judges here, and machines are shared.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      ...test,
    },
  });
}
