import type { StepResult, Verdict } from './steps/step.ts';

/** How results are shown. */
export interface FormatOptions {
  readonly colors: boolean;
}

const marks = {
  passed: { sign: '\u2713', color: 32 },
  failed: { sign: '\u2717', color: 31 },
  unknown: { sign: '\u2013', color: 33 },
} as const satisfies Record<Verdict, { readonly sign: string; readonly color: number }>;

/** The longest title, and the longest text that is shown of what a host says. */
const titleWidth = 18;
const maxText = 600;

/** A result as one line, and what to do on lines of its own. */
export function stepLines(
  { verdict, title, milliseconds, text, remedy }: StepResult,
  options: FormatOptions,
): readonly string[] {
  const { sign, color } = marks[verdict];
  const time = duration(milliseconds).padStart(8);
  const line = `  ${paint(sign, color, options)} ${title.padEnd(titleWidth)}${time}  ${printable(text)}`;
  return remedy === null ? [line] : [line, `      ${paint('\u2192', color, options)} ${printable(remedy)}`];
}

/** Milliseconds for people. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Without anything that a terminal takes for more than text: hosts have a say in what is shown. */
export function printable(text: string): string {
  // Control characters, separators of lines, and marks that turn the direction of writing.
  const plain = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+/gu, ' ').trim();
  return plain.length > maxText ? `${plain.slice(0, maxText)} …` : plain;
}

function paint(text: string, color: number, { colors }: FormatOptions): string {
  return colors ? `\u001b[${color}m${text}\u001b[0m` : text;
}
