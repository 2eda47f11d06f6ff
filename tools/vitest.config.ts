import { testConfig } from '../vitest.shared.ts';

export default testConfig({
  test: { include: ['test/**/*.test.js', 'test/**/*.test.ts'], fileParallelism: false },
});
