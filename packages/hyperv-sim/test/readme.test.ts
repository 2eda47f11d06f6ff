import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { demoFleet } from '../src/engine/index.ts';

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}

test('the README’s example runs and prints what it claims', async () => {
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/readme.ts')}\`\`\``);

  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/readme.ts');
  expect(log.mock.calls.flat()).toEqual([expect.stringContaining('"result":{"hostId":"hv-01"'), 'Pausing']);
  log.mockRestore();
});

test('the README’s numbers of VMs are right', () => {
  const vms = Object.values(demoFleet.vms).flat().length;
  expect(read('README.md')).toContain(`${vms} VMs`);
});
