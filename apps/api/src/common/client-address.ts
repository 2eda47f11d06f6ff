import { isIPv6 } from 'node:net';

/** Number of groups in the network part of an IPv6 address; the rest is chosen by the site (RFC 4291, 2.5.4). */
const networkGroups = 4;

/**
 * Returns the client of an address, as counted by limits per client: an IPv4 address, or the /64 of an IPv6 address,
 * since one machine may use all addresses of its network.
 */
export function clientOfAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const [plain = ''] = withoutPort(address).split('%', 1);
  const unmapped = withoutMapping(plain);
  return isIPv6(unmapped) ? networkOf(unmapped) : unmapped;
}

/** Returns the IPv4 address that is mapped into an IPv6 address, as Node writes it (`::ffff:192.0.2.1`); other addresses as they are. */
export function withoutMapping(address: string): string {
  return /^::ffff:([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)$/i.exec(address)?.[1] ?? address;
}

/** Returns an address without its port and brackets: some proxies report both (`192.0.2.7:51234`, `[2001:db8::1]:51234`). */
export function withoutPort(address: string): string {
  const [, inBrackets, plain] = /^(?:\[([0-9a-f:.%]+)\]|([0-9.]+))(?::[0-9]{1,5})?$/i.exec(address) ?? [];
  return inBrackets ?? plain ?? address;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? 0 : tail.split(':').length;
    while (groups.length + rest < 8) groups.push('0');
  }
  // Only groups of the network part count, and a dotted tail is never among them.
  const network = [...groups, ...(tail ?? '').split(':')].slice(0, networkGroups);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
