import { EnvelopeError } from './xml.ts';

/**
 * Formats milliseconds as an `xs:duration` in seconds, for example `PT60S` or `PT0.250S`. Negative values become
 * `PT0S`.
 */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return whole % 1000 === 0 ? `PT${whole / 1000}S` : `PT${(whole / 1000).toFixed(3)}S`;
}

const durationPattern =
  /^P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,10}(?:\.\d{1,9})?)S)?)?$/;

/**
 * Parses an `xs:duration` of days, hours, minutes and seconds. Returns milliseconds.
 *
 * @throws {EnvelopeError} if the text is not such a duration: years, months and negative durations are refused.
 */
export function parseDuration(text: string): number {
  const match = durationPattern.exec(text.trim());
  if (match === null || text.trim() === 'P') throw new EnvelopeError('not a duration');
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}
