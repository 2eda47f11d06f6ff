import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsTest } from './support/holds-test.ts';

const root = join(import.meta.dirname, '../..');
const table = readFileSync(join(root, 'docs/known-mistakes.md'), 'utf8');

/** How many mistakes there are to answer for. */
const count = 27;

interface Row {
  readonly number: number;
  readonly answer: string;
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| *(\d+) *\|[^|]+\|([^|]+)\|$/gm)].map(([, number, answer = '']) => ({
    number: Number(number),
    answer,
  }));
}

function testsOf(answer: string): { readonly path: string; readonly name: string }[] {
  return [...answer.matchAll(/`([^`]+\.(?:ts|js))` › "([^"]+)"/g)].map(([, path = '', name = '']) => ({
    path,
    name,
  }));
}

/** What is wrong with the answer to a mistake. */
function faultsOf({ number, answer }: Row): string[] {
  const tests = testsOf(answer);
  const named = answer.split(' › ').length - 1;
  if (named !== tests.length) return [`${number}: a test is named in another form`];
  if (tests.length === 0 && !/Cannot happen: \w|Not built yet: \w/.test(answer))
    return [`${number}: no answer`];
  return tests.flatMap(({ path, name }) => {
    const file = join(root, path);
    if (!existsSync(file)) return [`${number}: there is no ${path}`];
    return holdsTest(readFileSync(file, 'utf8'), name) ? [] : [`${number}: ${path} has no test "${name}"`];
  });
}

test('every known mistake has tests that exist, or the reason why there are none', () => {
  const rows = rowsOf(table);
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  expect(rows.flatMap(faultsOf)).toEqual([]);
});

const here = '`tools/test/known-mistakes.test.ts`';
const title = 'every known mistake has tests that exist, or the reason why there are none';

test.each([
  ['a test that exists', `${here} › "${title}"`, []],
  [
    'a file that does not',
    `\`tools/test/gone.test.ts\` › "${title}"`,
    ['1: there is no tools/test/gone.test.ts'],
  ],
  ['a test that does not', `${here} › "every"`, ['1: tools/test/known-mistakes.test.ts has no test "every"']],
  ['a test without its name', `${here} › every known mistake`, ['1: a test is named in another form']],
  ['no test and no reason', 'We take care.', ['1: no answer']],
  ['no test, and why', 'Cannot happen: there is no such part.', []],
])('an answer by %s', (_what, answer, faults) => {
  expect(rowsOf(`| 1 | It was wrong. | ${answer} |`).flatMap(faultsOf)).toEqual(faults);
});
