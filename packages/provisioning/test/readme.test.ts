import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ProvisioningDocument } from '../src/document.ts';
import { GuestReport } from '../src/report.ts';

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}

test('the README’s example runs and prints what it claims', async () => {
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/readme.ts')}\`\`\``);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/readme.ts');
  expect(log.mock.calls).toEqual([['add', ['aether-v.provisioning.request']], [0]]);
  log.mockRestore();
});

test.each([
  ['document', ProvisioningDocument],
  ['report', GuestReport],
])('schema/%s.json is up to date', (name, schema) => {
  expect(JSON.parse(read(`schema/${name}.json`))).toEqual(JSON.parse(JSON.stringify(schema)));
});
