// One locale for all numbers and times: the user's. Sizes use units of 1024, as Hyper-V's own tools do.

const kib = 1024;
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

const sizeFormats = units.map(
  (unit, power) =>
    new Intl.NumberFormat(undefined, {
      style: 'unit',
      unit,
      // The short form of bytes has no plural: `0 byte`.
      unitDisplay: power === 0 ? 'long' : 'short',
      minimumFractionDigits: power >= 3 ? 1 : 0,
      maximumFractionDigits: power >= 3 ? 1 : 0,
    }),
);
const percentFormat = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const countFormat = new Intl.NumberFormat();
const dateTimeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relativeFormat = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** Formats a size in bytes; GB and above have one decimal. */
export function formatBytes(bytes: number): string {
  const power = bytes < kib ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return sizeFormats[power]?.format(bytes / kib ** power) ?? '';
}

const partFormat = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const wholeFormats = units.map(
  (unit) =>
    new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }),
);

/** Formats a part of a size in the unit of the whole: `5.9 of 12 TB`; `words` joins the two. */
export function formatPart(
  part: number,
  whole: number,
  words: (part: string, whole: string) => string,
): string {
  const power = whole < kib ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(whole) / 10));
  const size = kib ** power;
  return words(partFormat.format(part / size), wholeFormats[power]?.format(whole / size) ?? '');
}

/** Capitalizes the first letter. */
export function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function formatPercent(percent: number): string {
  return percentFormat.format(percent / 100);
}

export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** Formats date and time in the user's time zone. */
export function formatDateTime(moment: string | number): string {
  return dateTimeFormat.format(new Date(moment));
}

/** Formats hours and minutes. */
export function formatTime(moment: string | number): string {
  return timeFormat.format(new Date(moment));
}

/** Formats the time of day with seconds. */
export function formatClock(moment: string | number): string {
  return clockFormat.format(new Date(moment));
}

const steps = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

const durationFormats = new Map(
  steps.map(({ unit }) => [
    unit,
    new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short' }),
  ]),
);

function largest(ms: number): { readonly unit: (typeof steps)[number]['unit']; readonly count: number } {
  const step = steps.find((candidate) => Math.abs(ms) >= candidate.ms) ?? steps[3];
  return { unit: step.unit, count: Math.trunc(ms / step.ms) };
}

/** Formats a duration in its largest unit: `12 days`, `3 hr`. */
export function formatDuration(ms: number): string {
  const { unit, count } = largest(Math.max(0, ms));
  return durationFormats.get(unit)?.format(count) ?? '';
}

const secondsFormat = new Intl.NumberFormat(undefined, {
  style: 'unit',
  unit: 'second',
  unitDisplay: 'short',
  maximumFractionDigits: 1,
});

/** Formats how long something took in its two largest units: `1.2 sec`, `3 min 20 sec`, `2 hr 5 min`. */
export function formatElapsed(ms: number): string {
  if (ms < 10_000) return secondsFormat.format(Math.round(ms / 100) / 10);
  const seconds = Math.round(ms / 1000);
  const at = steps.findIndex((step) => seconds * 1000 >= step.ms);
  const [step, next] = [steps[at], steps[at + 1]];
  if (!step || !next) return secondsFormat.format(seconds);
  const rest = (seconds * 1000) % step.ms;
  const words = [durationFormats.get(step.unit)?.format(Math.floor((seconds * 1000) / step.ms))];
  if (rest >= next.ms) words.push(durationFormats.get(next.unit)?.format(Math.floor(rest / next.ms)));
  return words.join(' ');
}

/** Formats the time since a moment: `4 min. ago`, `yesterday`. */
export function formatAgo(moment: string | number, now: number): string {
  const ms = new Date(moment).getTime() - now;
  if (Math.abs(ms) < 5000) return relativeFormat.format(0, 'second');
  const { unit, count } = largest(ms);
  return relativeFormat.format(count, unit);
}

/** Formats a MAC address as Windows tools do. */
export function formatMac(mac: string): string {
  return mac.match(/../g)?.join('-') ?? mac;
}
