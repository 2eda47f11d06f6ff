import { cruise } from 'dependency-cruiser';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cycles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Returns the names of the rules that these files violate, given by path and content. */
async function broken(files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { tsPreCompilationDeps } = config.options;
  const options = {
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
    tsPreCompilationDeps,
  };
  const { output } = await cruise(['src'], options);
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))].sort();
}

test('two files that import types of each other are a cycle', async () => {
  const files = {
    'src/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n",
    'src/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;\n",
  };
  expect(await broken(files)).toEqual(['no-file-cycles']);
});

test('two folders that import each other are a cycle, even without a cycle of files', async () => {
  const files = {
    'src/x/a.ts': "import { b } from '../y/b.ts';\nexport const a = b;\n",
    'src/y/b.ts': 'export const b = 1;\n',
    'src/y/c.ts': "import { d } from '../x/d.ts';\nexport const c = d;\n",
    'src/x/d.ts': 'export const d = 1;\n',
  };
  expect(await broken(files)).toEqual(['no-folder-cycles']);
});

test('imports in one direction are not a cycle', async () => {
  const files = {
    'src/x/a.ts': "import { b } from '../y/b.ts';\nexport const a = b;\n",
    'src/y/b.ts': 'export const b = 1;\n',
  };
  expect(await broken(files)).toEqual([]);
});
