import { testConfig } from '../../../vitest.shared.ts';

export default testConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    // Each file starts its own stack, and two cores can run only one at a time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: `${import.meta.dirname}/../test-results/e2e.json` }]],
  },
});
