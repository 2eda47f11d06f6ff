import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Ways by which a text becomes markup, or source that runs. React itself shows a text as a text. */
const ways =
  /\b(?:innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc|srcDoc|eval)\b|document\.write|new Function|javascript:/;

const source = join(import.meta.dirname, '../../src');

test('the console never interprets text, such as a VM name, as markup', () => {
  const files = globSync('**/*.{ts,tsx}', { cwd: source });
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => ways.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
});

test.each([
  'cell.innerHTML = vm.name',
  '<b dangerouslySetInnerHTML={{ __html: name }} />',
  'new Function(name)',
])('the check finds %s', (planted) => {
  expect(planted).toMatch(ways);
});
