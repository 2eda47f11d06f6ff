import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { troubleshootingDocument } from '../../src/doctor/render-troubleshooting.ts';
import { connectionProblems } from '../../src/host-adapter/errors/connection-problems.ts';

const page = new URL('../../../../docs/troubleshooting.md', import.meta.url);

test('docs/troubleshooting.md is generated from the table of problems', async () => {
  const options = await resolveConfig(page.pathname);
  const made = await format(troubleshootingDocument(), { ...options, parser: 'markdown' });
  expect(readFileSync(page, 'utf8')).toBe(made);
});

test('docs/troubleshooting.md has every problem with its remedy', () => {
  const text = readFileSync(page, 'utf8').replaceAll('\\', '').replaceAll('\n', ' ');
  for (const [name, { remedy }] of Object.entries(connectionProblems)) {
    expect(text).toContain(`### \`${name}\``);
    expect(text).toContain(remedy.replaceAll('\\', ''));
  }
});
