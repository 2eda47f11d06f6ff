/** Maximum length of a number: bounds the cost of BigInt and Number. */
const longestNumber = 64;

const integer = /^[ \t\r\n]*([+-]?\d+)[ \t\r\n]*$/;
const float = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Parses an integer within these bounds, in the syntax of .NET's XmlConvert; undefined if the text is not one. */
export function readInteger(text: string, least: number, greatest: number): number | undefined {
  const match = text.length > longestNumber ? null : integer.exec(text);
  if (match?.[1] === undefined) return undefined;
  // Adding 0 turns -0 into 0: the integer types of .NET have no negative zero.
  const value = Number(match[1]) + 0;
  return value >= least && value <= greatest ? value : undefined;
}

/** As {@link readInteger}, for 64-bit integers. */
export function readLong(text: string, least: bigint, greatest: bigint): bigint | undefined {
  const match = text.length > longestNumber ? null : integer.exec(text);
  if (match?.[1] === undefined) return undefined;
  const digits = match[1];
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  return value >= least && value <= greatest ? value : undefined;
}

/** Parses a Double in the syntax of .NET's XmlConvert (`INF`, `-INF`, `NaN`); undefined if the text is not one. */
export function readDouble(text: string): number | undefined {
  if (text.length > longestNumber * 16) return undefined;
  const trimmed = text.trim();
  if (float.test(trimmed)) return Number(trimmed);
  switch (trimmed) {
    case 'NaN':
      return NaN;
    case 'INF':
      return Infinity;
    case '-INF':
      return -Infinity;
    default:
      return undefined;
  }
}

/** Formats a Double as .NET's XmlConvert: the shortest text that parses to the same number. */
export function formatDouble(value: number): string {
  const plain = String(value);
  // JavaScript and .NET write the same digits, and the same notation in the middle of the range.
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e17) return plain;
  return formatSpecial(value) ?? toDotnetNotation(value.toExponential(), doubleDigits);
}

/**
 * Formats a Single as .NET's XmlConvert: the shortest text that parses to the same 32-bit number. If two texts are
 * equally close, .NET may choose the other one.
 */
export function formatSingle(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const single = Math.fround(value);
  let digits = 1;
  let text = single.toExponential(0);
  while (digits < 9 && Math.fround(Number(text)) !== single) text = single.toExponential(digits++);
  return toDotnetNotation(text, singleDigits);
}

/** .NET writes an exponent if the number has more integer digits. */
const doubleDigits = 17;
const singleDigits = 9;

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'INF';
  if (value === -Infinity) return '-INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return undefined;
}

/** Converts JavaScript's `d.ddde±x` to .NET's general format. */
function toDotnetNotation(exponential: string, mostIntegerDigits: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(exponential);
  if (match === null) return exponential;
  const [, sign = '', first = '', rest = '', power = ''] = match;
  const exponent = Number(power);
  const digits = first + rest;
  if (exponent >= mostIntegerDigits || exponent < -4) {
    const fraction = rest === '' ? '' : `.${rest}`;
    return `${sign}${first}${fraction}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}
