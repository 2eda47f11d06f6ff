import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsTest } from './support/holds-test.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/known-mistakes.md'), 'utf8');

/** The number of known mistakes. */
const count = 27;

interface Entry {
  readonly number: number;
  readonly answer: string;
}

/**
 * Returns the entries of the page: a numbered heading, the mistake, and the answer after `**Now.**`. The answer is
 * returned as one line, because titles may wrap.
 */
function entriesOf(text: string): Entry[] {
  return text.split(/^## /m).flatMap((section) => {
    const [, number, answer = ''] = /^(\d+)\. \S.*\n\n\w[^]*?\n\n\*\*Now\.\*\* ([^]+)$/.exec(section) ?? [];
    return number === undefined ? [] : [{ number: Number(number), answer: answer.replace(/\s+/g, ' ') }];
  });
}

function testsOf(answer: string): { readonly path: string; readonly name: string }[] {
  return [...answer.matchAll(/`([^`]+\.(?:ts|js))` › "([^"]+)"/g)].map(([, path = '', name = '']) => ({
    path,
    name,
  }));
}

/** Returns the faults of the answer to a mistake. */
function faultsOf({ number, answer }: Entry): string[] {
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
  const entries = entriesOf(page);
  expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  expect(entries.flatMap(faultsOf)).toEqual([]);
});

const here = '`tools/test/known-mistakes.test.ts`';
const title = 'every known mistake has tests that exist, or the reason why there are none';

test.each([
  ['a test that exists', `${here} › "${title}"`, []],
  ['a test whose title wraps', `Tested:\n\n- ${here} ›\n  "${title.replace(', ', ',\n  ')}"`, []],
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
  const entries = entriesOf(`## 1. Wrong\n\nIt was wrong.\n\n**Now.** ${answer}\n`);
  expect(entries).toHaveLength(1);
  expect(entries.flatMap(faultsOf)).toEqual(faults);
});
