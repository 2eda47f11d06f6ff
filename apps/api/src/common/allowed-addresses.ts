import { BlockList, isIP } from 'node:net';
import { withoutPort } from './client-address.ts';

/**
 * Returns a check of addresses against a list of addresses and ranges (`10.0.0.0/8`); an empty list allows all. IPv4
 * addresses that are mapped into IPv6 (`::ffff:192.0.2.1`) are the same as plain ones, on both sides.
 */
export function allowedAddresses(list: readonly string[]): (address: string) => boolean {
  if (list.length === 0) return () => true;
  const allowed = new BlockList();
  for (const entry of list) {
    const [address = '', length] = entry.split('/');
    const { text, family, mapped } = normalize(address);
    if (length === undefined) allowed.addAddress(text, family);
    // The first 96 bits of a mapped address are the same in all of them (RFC 4291, 2.5.5.2).
    else allowed.addSubnet(text, mapped ? Math.max(0, Number(length) - 96) : Number(length), family);
  }
  return (address) => {
    const { text, family } = normalize(withoutPort(address));
    return isIP(text) !== 0 && allowed.check(text, family);
  };
}

interface Normalized {
  readonly text: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly mapped: boolean;
}

/** Returns the address without zone, as IPv4 if it is a mapped one. */
function normalize(address: string): Normalized {
  const [plain = ''] = address.split('%', 1);
  if (isIP(plain) !== 6) return { text: plain, family: 'ipv4', mapped: false };
  const [, high, low] =
    /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${plain}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return { text: plain, family: 'ipv6', mapped: false };
  const bytes = [high, low].flatMap((group) => [
    Number.parseInt(group, 16) >> 8,
    Number.parseInt(group, 16) & 255,
  ]);
  return { text: bytes.join('.'), family: 'ipv4', mapped: true };
}
