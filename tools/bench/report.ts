import { writeFileSync } from 'node:fs';

/** One figure. */
export interface BenchRow {
  readonly name: string;
  /** Null where it could not be measured; the note says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly note?: string;
}

/** The value at a quantile of samples that need not be sorted. */
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

/** Writes all figures for machines. */
export function writeJson(file: string, sections: Readonly<Record<string, readonly BenchRow[]>>): void {
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, sections }, null, 2)}\n`,
  );
}
