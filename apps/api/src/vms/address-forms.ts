import { isIP, isIPv6 } from 'node:net';

/** Returns an address without brackets and zone, in lower case. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .toLowerCase();
}

/**
 * Returns the spellings of an address by which it is found. Of IPv6: compressed (RFC 5952), with all eight groups, and
 * with all their digits. The first is the canonical one.
 */
export function addressForms(address: string): string[] {
  const text = plain(address);
  if (!isIPv6(text)) return [text];
  const compressed = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = '', tail] = compressed.split('::');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return [compressed, all.join(':'), all.map((group) => group.padStart(4, '0')).join(':')];
}

/** Returns the canonical spelling of a complete address, which has one form per address; undefined for other texts. */
export function canonicalAddress(text: string): string | undefined {
  return isIP(plain(text)) === 0 ? undefined : addressForms(text)[0];
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
