/** Reads a MAC address in any notation as twelve upper-case digits; null if it is not a MAC address. */
export function parseMac(text: string): string | null {
  const digits = text
    .trim()
    .replace(/[-:.\s]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? digits : null;
}

/** Returns whether a MAC address belongs to a single adapter: the lowest bit of the first byte marks groups. */
export function isUnicastMac(mac: string): boolean {
  return mac !== '000000000000' && Number.parseInt(mac.slice(0, 2), 16) % 2 === 0;
}
