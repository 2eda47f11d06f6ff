/** Validation of primitives that stay text in JavaScript: whether .NET would read the text as a value of the type. */

/** Maximum length of a value of these types: bounds the cost of the checks. */
const longest = 128;

const dateTime =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,16})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/;

/**
 * Returns whether a text is a time of XmlConvert (MS-PSRP 2.2.5.1.4): seven fractional digits, then `Z`, an offset or
 * nothing.
 */
export function isDateTime(text: string): boolean {
  if (text.length > longest || !dateTime.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysIn(year, month));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const duration =
  /^-?P(?=\d|T\d)(?:(\d{1,8})Y)?(?:(\d{1,8})M)?(?:(\d{1,8})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,15})(?:\.(\d{1,16}))?S)?)?$/;
const greatestTicks = 2n ** 63n;

/**
 * Returns whether a text is an XML duration (MS-PSRP 2.2.5.1.5) within the range of a TimeSpan. A year counts 365 days
 * and a month 30, as in .NET.
 */
export function isDuration(text: string): boolean {
  const match = text.length > longest ? null : duration.exec(text);
  if (match === null) return false;
  const [years = 0n, months = 0n, days = 0n, hours = 0n, minutes = 0n, seconds = 0n] = match
    .slice(1, 7)
    .map((digits: string | undefined) => BigInt(digits ?? 0));
  const fraction = BigInt((match[7] ?? '').padEnd(7, '0').slice(0, 7));
  const wholeDays = years * 365n + months * 30n + days;
  const ticks = (((wholeDays * 24n + hours) * 60n + minutes) * 60n + seconds) * 10_000_000n + fraction;
  return ticks < greatestTicks || (ticks === greatestTicks && text.startsWith('-'));
}

const decimal = /^[+-]?(?:(\d+)\.?\d*|\.\d+)$/;
const greatestDecimal = 79_228_162_514_264_337_593_543_950_335n;

/** Returns whether a text is a decimal number (MS-PSRP 2.2.5.1.15) within the 96 bits of System.Decimal. */
export function isDecimal(text: string): boolean {
  const match = text.length > longest ? null : decimal.exec(text);
  return match !== null && BigInt(match[1] ?? 0) <= greatestDecimal;
}

const normalGuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const guid = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/**
 * Returns a GUID in lower case with hyphens and without braces (MS-PSRP 2.2.5.1.18); undefined if the text is not one.
 */
export function normalizeGuid(text: string): string | undefined {
  if (normalGuid.test(text)) return text;
  if (text.length > longest) return undefined;
  const trimmed = text.trim();
  const bare = /^(?:\{.*\}|\(.*\))$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
  return guid.exec(bare)?.slice(1).join('-').toLowerCase();
}

const version = /^\d{1,10}(?:\.\d{1,10}){1,3}$/;

/** Returns whether a text is a System.Version (MS-PSRP 2.2.5.1.21): two to four Int32. */
export function isVersion(text: string): boolean {
  return (
    text.length <= longest &&
    version.test(text) &&
    text.split('.').every((part) => Number(part) <= 2_147_483_647)
  );
}

/**
 * Returns whether a text is an encrypted secure string: base64 (MS-PSRP 2.2.5.1.24), or from ConvertFrom-SecureString.
 */
export function isSecureText(text: string): boolean {
  return /^[A-Za-z0-9+/=|]*$/.test(text);
}

/** Decodes base64 with optional white space; undefined if the text is not base64. */
export function readBase64(text: string): Uint8Array | undefined {
  const compact = /[ \t\r\n]/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  // A copy: small Buffers share memory, and the result must be a plain Uint8Array.
  return new Uint8Array(Buffer.from(compact, 'base64'));
}
