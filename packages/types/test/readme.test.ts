import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

test('the README’s example runs and prints what it claims', async () => {
  const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/readme.ts')}\`\`\``);

  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/readme.ts');
  expect(log.mock.calls.map(([said]) => said as unknown)).toEqual([false, ['Running'], true]);
  log.mockRestore();
});
