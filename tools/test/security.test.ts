import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsTest } from './support/holds-test.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

interface Proof {
  readonly file: string;
  readonly title: string;
}

/** Returns the proofs of a page: the path of a test file and a title in it, both as code. */
function proofsOf(text: string): readonly Proof[] {
  return [...text.replace(/\s+/g, ' ').matchAll(/`(\S+\.test\.\w+)`: `([^`]+)`/g)].map(
    ([, file = '', title = '']) => ({ file, title }),
  );
}

function isThere({ file, title }: Proof): boolean {
  const path = join(root, file);
  return existsSync(path) && holdsTest(readFileSync(path, 'utf8'), title);
}

test('every proof in docs/security.md is a test that exists', () => {
  expect(proofsOf(page).length).toBeGreaterThan(20);
  expect(proofsOf(page).filter((proof) => !isThere(proof))).toEqual([]);
});

test('every threat in docs/security.md has a proof', () => {
  const [threats = ''] = page.split("## The service's account");
  const withoutProof = threats
    .split(/^(?=\*\*)/m)
    .slice(1)
    .filter((threat) => proofsOf(threat).length === 0);
  expect(withoutProof).toEqual([]);
});

test.each([
  ['a file that does not exist', '`tools/test/gone.test.ts`: `gone`'],
  ['a title that does not exist', '`tools/test/security.test.ts`: `gone`'],
])('detects a proof that names %s', (_what, text) => {
  expect(proofsOf(text).map(isThere)).toEqual([false]);
});
