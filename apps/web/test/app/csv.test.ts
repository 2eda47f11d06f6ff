import { describe, expect, test } from 'vitest';
import { csvGigabytes, formatCsv, type CsvColumn } from '../../src/table/csv.ts';

const column: readonly CsvColumn<string | number | null>[] = [{ heading: 'Value', value: (row) => row }];

/** The lines of a file of one column, without the byte order mark and the heading. */
function linesOf(...rows: (string | number | null)[]): string {
  return formatCsv(column, rows).replace('\uFEFFValue\r\n', '');
}

describe('a CSV file', () => {
  test('begins with a byte order mark, and each line ends with CR LF', () => {
    expect(formatCsv(column, ['a', 'b'])).toBe('\uFEFFValue\r\na\r\nb\r\n');
  });

  test('without rows has the headings', () => {
    expect(formatCsv(column, [])).toBe('\uFEFFValue\r\n');
  });

  test.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quotation mark', 'a"b', '"a""b"'],
    ['a line feed', 'a\nb', '"a\nb"'],
    ['a carriage return', 'a\rb', '"a\rb"'],
    ['a space at the end', 'a ', '"a "'],
  ])('quotes a value with %s', (_, value, expected) => {
    expect(linesOf(value)).toBe(`${expected}\r\n`);
  });

  test.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', "'+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', `' =1`],
    ['＝1', "'＝1"],
    ['x;=1', "x;'=1"],
    ['x\t +1;y', "x\t '+1;y"],
  ])('marks the text %j as text, so that no spreadsheet program evaluates it', (value, expected) => {
    expect(linesOf(value)).toBe(`${expected}\r\n`);
  });

  test('leaves names with a hyphen, numbers and missing values as they are', () => {
    expect(linesOf('APP-01', -5, 1.5, null, Number.NaN)).toBe('APP-01\r\n-5\r\n1.5\r\n\r\n\r\n');
  });

  test('keeps letters of all alphabets', () => {
    expect(linesOf('Zürich Łódź 東京')).toBe('Zürich Łódź 東京\r\n');
  });

  test('shows sizes in GB with two decimals', () => {
    expect(csvGigabytes(1.5 * 1024 ** 3)).toBe(1.5);
    expect(csvGigabytes(10_000_000)).toBe(0.01);
  });
});
