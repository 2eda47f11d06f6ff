import { writeFileSync } from 'node:fs';

/** One figure. */
export interface BenchRow {
  readonly name: string;
  /** Null if it could not be measured; the note gives the reason. */
  readonly value: number | null;
  readonly unit: string;
  readonly note?: string;
}

/** Returns the value at a quantile of unsorted samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

const digits = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(3);

/** Prints a section as it is measured. */
export function printSection(title: string, rows: readonly BenchRow[]): void {
  const width = Math.max(...rows.map((row) => row.name.length));
  console.log(`\n${title}`);
  for (const row of rows) {
    const figure = row.value === null ? 'not measured:' : `${digits(row.value).padStart(10)} ${row.unit}`;
    console.log(
      `  ${row.name.padEnd(width)}  ${figure.padEnd(24)}${row.note === undefined ? '' : ` ${row.note}`}`,
    );
  }
}

/** Writes all figures as JSON. */
export function writeJson(file: string, sections: Readonly<Record<string, readonly BenchRow[]>>): void {
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, sections }, null, 2)}\n`,
  );
}
