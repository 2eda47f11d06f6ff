const units = ['MB', 'GB', 'TB'] as const;

/** Formats bytes in the units of Windows, which are powers of 1,024: `412 GB`, `2.5 TB`. */
export function formatBytes(bytes: number): string {
  let value = bytes / 1024 ** 2;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 10 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${units[unit] ?? ''}`;
}
