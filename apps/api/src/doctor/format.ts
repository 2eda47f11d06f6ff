import type { StepResult, Verdict } from './steps/step.ts';

/** Output options of results. */
export interface FormatOptions {
  readonly colors: boolean;
}

const marks = {
  passed: { sign: '\u2713', color: 32 },
  failed: { sign: '\u2717', color: 31 },
  unknown: { sign: '\u2013', color: 33 },
} as const satisfies Record<Verdict, { readonly sign: string; readonly color: number }>;

/** Width of the longest title, and the maximum length of text from a host. */
const titleWidth = 18;
const maxText = 600;

/** Formats a result as one line, followed by its remedies on separate lines. */
export function stepLines(
  { verdict, title, milliseconds, text, remedy }: StepResult,
  options: FormatOptions,
): readonly string[] {
  const { sign, color } = marks[verdict];
  const time = duration(milliseconds).padStart(8);
  const line = `  ${paint(sign, color, options)} ${title.padEnd(titleWidth)}${time}  ${printable(text)}`;
  return remedy === null ? [line] : [line, `      ${paint('\u2192', color, options)} ${printable(remedy)}`];
}

/** Formats a duration for people. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Removes terminal control sequences and other invisible characters, since hosts influence the output. */
export function printable(text: string): string {
  // Control characters, line separators, and bidirectional formatting characters.
  const plain = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+/gu, ' ').trim();
  return plain.length > maxText ? `${plain.slice(0, maxText)} …` : plain;
}

function paint(text: string, color: number, { colors }: FormatOptions): string {
  return colors ? `\u001b[${color}m${text}\u001b[0m` : text;
}
