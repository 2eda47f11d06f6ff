import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsTest } from './support/holds-test.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
const scripts = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;

interface Command {
  readonly text: string;
  readonly file: string;
  readonly title: string | undefined;
}

/** Returns the page's commands that run a test: `npx vitest run --root PROJECT FILE [-t "TITLE"]`. */
function commandsOf(text: string): readonly Command[] {
  return [
    ...text.replace(/\s+/g, ' ').matchAll(/`(npx vitest run --root (\S+) (\S+?)(?: -t "([^"]+)")?)`/g),
  ].map(([, command = '', project = '', file = '', title]) => ({
    text: command,
    file: join(project, file),
    title,
  }));
}

function isThere({ file, title }: Command): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  return title === undefined || holdsTest(readFileSync(path, 'utf8'), title);
}

test('every test command in docs/guarantees.md runs a test that exists', () => {
  expect(commandsOf(page).length).toBeGreaterThan(30);
  expect(commandsOf(page).filter((command) => !isThere(command))).toEqual([]);
});

test('every npm script named in docs/guarantees.md exists', () => {
  const names = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(names.filter((name) => !(name in scripts))).toEqual([]);
});

test('every fault lists how it was found, when it was fixed and a command that demonstrates it', () => {
  const [, faults = ''] = page.split('## Faults found so far');
  const entries = faults.split(/^- /m).slice(1);
  expect(entries.length).toBeGreaterThan(30);
  const isWhole = (entry: string): boolean =>
    /Found by [^.]+; fixed \d{4}-\d{2}-\d{2}\./.test(entry.replace(/\s+/g, ' ')) &&
    commandsOf(entry).length > 0;
  expect(entries.filter((entry) => !isWhole(entry))).toEqual([]);
});

test.each([
  ['a file that does not exist', '`npx vitest run --root tools test/gone.test.ts`'],
  ['a title that does not exist', '`npx vitest run --root tools test/guarantees.test.ts -t "gone"`'],
])('detects a command that names %s', (_what, text) => {
  expect(commandsOf(text).map(isThere)).toEqual([false]);
});
