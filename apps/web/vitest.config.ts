import { testConfig } from '../../vitest.shared.ts';

export default testConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    fileParallelism: false,
    expect: { poll: { timeout: 10_000 } },
  },
});
