import { testConfig } from '../../../vitest.shared.ts';

export default testConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    // Each file runs a stack of its own; two cores carry one at a time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: `${import.meta.dirname}/../test-results/e2e.json` }]],
  },
});
