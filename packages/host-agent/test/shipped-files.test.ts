import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { operations, type OperationName } from '@aether-v/types';
import { listedFiles, withFileList } from '../scripts/agent-files.ts';
import { shippedFiles } from '../scripts/shipped-files.ts';

const module = fileURLToPath(new URL('../module/AetherV.HostAgent/', import.meta.url));

test('the module ships what packages/types says (npm run schema -w @aether-v/host-agent writes it)', () => {
  const files = globSync('{schema,tables}/*.json', { cwd: module });
  const onDisk = Object.fromEntries(
    files.map((file) => [file.replaceAll('\\', '/'), readFileSync(`${module}${file}`, 'utf8')]),
  );
  expect(onDisk).toEqual(shippedFiles());
});

test('the module loads exactly the files that it ships (npm run schema -w @aether-v/host-agent lists them)', () => {
  const root = readFileSync(`${module}AetherV.HostAgent.psm1`, 'utf8');
  const paths = globSync(listedFiles, { cwd: module }).map((path) => path.replaceAll('\\', '/'));
  expect(paths.length).toBeGreaterThan(100);
  expect(root).toBe(withFileList(root, paths));
});

test('every operation that the agent names is one of the contract, and has a function of its own', () => {
  const table = readFileSync(`${module}Private/Contract/Operations.ps1`, 'utf8');
  const rows = [...table.matchAll(/^\$script:Operations\['([^']+)'\] = '([^']+)'$/gm)];
  expect(rows.length).toBeGreaterThan(10);
  for (const [, op = '', name = ''] of rows) {
    expect(Object.hasOwn(operations, op as OperationName), op).toBe(true);
    expect(readFileSync(`${module}Public/${name}.ps1`, 'utf8')).toContain(`function ${name} {`);
  }
});
