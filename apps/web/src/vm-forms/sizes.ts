const mib = 1024 ** 2;

/** Factors of the units that people type, in bytes; as in Hyper-V's own tools they are powers of 1,024. */
const units: Record<string, number> = {
  m: mib,
  mb: mib,
  mib,
  g: mib * 1024,
  gb: mib * 1024,
  gib: mib * 1024,
  t: mib * 1024 ** 2,
  tb: mib * 1024 ** 2,
  tib: mib * 1024 ** 2,
};

const pattern = /^(\d+(?:[.,]\d+)?)\s*([mgt](?:i?b)?)?$/i;

/**
 * Reads a size such as `60`, `60 GB`, `1.5 tb` or `512 MB`; a number alone is in GB. Returns whole units of `step`
 * bytes; null if the text is no size.
 */
export function parseSize(text: string, step = mib): number | null {
  const [, number, unit = 'gb'] = pattern.exec(text.trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  if (number === undefined || factor === undefined) return null;
  return Math.round((Number(number.replace(',', '.')) * factor) / step) * step;
}

/** Writes a size as people type it: `60 GB`, `1.5 TB`, `512 MB`. It is exact, so that reading it changes nothing. */
export function sizeText(bytes: number): string {
  for (const unit of ['TB', 'GB']) {
    const value = bytes / (units[unit.toLowerCase()] ?? mib);
    if (value >= 1 && Number(value.toFixed(2)) === value) return `${value} ${unit}`;
  }
  return `${bytes / mib} MB`;
}
