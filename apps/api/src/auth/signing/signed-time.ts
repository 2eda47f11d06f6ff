/** The maximum age of a signed request, in milliseconds. */
export const maxSignedAge = 300_000;
/** The maximum time by which the clock of a client may be ahead, in milliseconds. */
export const maxSignedLead = 60_000;

const milliseconds = /^[0-9]{13}$/;
const seconds = /^[0-9]{1,12}(?:\.[0-9]{1,9})?$/;
/** ISO 8601, extended or basic, with a time of day. PowerShell writes seven digits after the point. */
const extended =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?$/;
const basic =
  /^([0-9]{4})([0-9]{2})([0-9]{2})[Tt]([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]{1,9}))?)?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?$/;

/**
 * Parses the timestamp of a signed request: Unix seconds with an optional fraction, 13-digit milliseconds, or ISO 8601.
 * An ISO time without a zone is UTC, because the service cannot know the zone of its client.
 *
 * @returns Milliseconds since 1970 in UTC; null if the text is none of these.
 */
export function parseSignedTime(text: string): number | null {
  if (milliseconds.test(text)) return Number(text);
  if (seconds.test(text)) return Number(text) * 1000;
  const parts = extended.exec(text) ?? basic.exec(text);
  return parts === null ? null : momentOf(parts);
}

/** Returns the reason why a time is not accepted; null if it is. */
export function problemOfSignedTime(time: number, now: number): string | null {
  const age = now - time;
  if (age > maxSignedAge) return `is ${describe(age)} old; the maximum is ${maxSignedAge / 1000} s`;
  if (age < -maxSignedLead) {
    return `is ${describe(-age)} ahead; the maximum is ${maxSignedLead / 1000} s`;
  }
  return null;
}

function describe(duration: number): string {
  return `${Math.round(duration / 1000)} s`;
}

function momentOf(parts: RegExpExecArray): number | null {
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = parts;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offset = offsetOf(zone);
  if (h > 23 || mi > 59 || s > 59 || offset === null) return null;
  const local = new Date(0);
  local.setUTCFullYear(y, mo - 1, d);
  local.setUTCHours(h, mi, s, 0);
  // A day that does not exist, such as 30 February, becomes another one.
  if (local.getUTCMonth() !== mo - 1 || local.getUTCDate() !== d) return null;
  return local.getTime() + Number(`0.${fraction}0`) * 1000 - offset;
}

/** Returns the offset of a zone from UTC in milliseconds; null if there is no such zone. */
function offsetOf(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
