import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { operations, vmActions } from '@aether-v/types';
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

test('every operation of the contract is registered once, next to the function that carries it out', () => {
  const registered = globSync('Private/**/*.ps1', { cwd: module }).flatMap((path) => {
    const text = readFileSync(`${module}${path}`, 'utf8');
    const each = [
      ...text.matchAll(/Register-Operation -Op (?:'([^']+)'|\$op) -(?:Function|Saga) '([^']+)'/g),
    ];
    const powers = [...text.matchAll(/'(vm\.[a-z]+)'/g)].map(([, op = '']) => op);
    for (const [, , name = ''] of each) expect(text, path).toContain(`function ${name} {`);
    return each.flatMap(
      ([, op]) =>
        op ?? Object.values(vmActions).flatMap((action) => (powers.includes(action.op) ? action.op : [])),
    );
  });
  expect(registered.sort()).toEqual(Object.keys(operations).sort());
});
