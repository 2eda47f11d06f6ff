/** A cell of a CSV file. Null is an empty cell. */
type CsvValue = string | number | null;

/** One column of a CSV file: its heading, and the value of a row. */
export interface CsvColumn<Row> {
  readonly heading: string;
  readonly value: (row: Row) => CsvValue;
}

/** Makes Excel read the file as UTF-8. */
const byteOrderMark = '\uFEFF';

/** Beginnings that a spreadsheet program takes for a formula, also behind spaces and as full-width characters. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** The same behind characters at which spreadsheet programs of some locales split a line into cells. */
const formulaBehind = /(?<!^)([;\t]\s*)(?=[=+\-@＝＋－＠])/gu;

/** A leading quotation mark makes a spreadsheet program show the text instead of evaluating it. */
function asText(text: string): string {
  const safe = text.replace(formulaBehind, "$1'");
  return formula.test(safe) ? `'${safe}` : safe;
}

function cell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = asText(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Formats rows as CSV (RFC 4180) in UTF-8 with a byte order mark. Texts that look like formulas are marked as text. */
export function formatCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ heading }) => cell(heading)),
    ...rows.map((row) => columns.map(({ value }) => cell(value(row)))),
  ];
  return byteOrderMark + lines.map((line) => `${line.join(',')}\r\n`).join('');
}

const gib = 1024 ** 3;

/** Returns a size in GB with two decimals, as spreadsheets can add up. */
export function csvGigabytes(bytes: number): number {
  return Math.round((bytes / gib) * 100) / 100;
}
