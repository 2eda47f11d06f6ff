/** An IP address with an optional prefix length. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** The address as a number, with 2^128 added for IPv4, so that no two addresses of different families are equal. */
  readonly value: bigint;
  readonly isLoopback: boolean;
  /** IPv6 only: an IPv4 gateway of 169.254.0.0/16 is not reachable from other prefixes. */
  readonly isLinkLocal: boolean;
  /** Neither unspecified nor multicast nor reserved. */
  readonly isUnicast: boolean;
  /** An adapter can have the address: unicast, not loopback, neither network nor broadcast address. */
  readonly isHost: boolean;
  /** Returns whether the prefix contains an address. */
  contains(other: IpAddress): boolean;
}

/** Reads an address, or an address and a prefix length, that fits the schema. */
export function parseAddress(text: string): IpAddress {
  const [address = '', length] = text.split('/');
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 6 ? 128 : 32;
  const number = family === 6 ? ipv6Number(address) : ipv4Number(address);
  const hostBits = BigInt(bits - Number(length ?? bits));
  const highByte = Number(number >> BigInt(bits - 8));
  const isLoopback = family === 6 ? number === 1n : highByte === 127;
  const isUnicast = family === 6 ? number !== 0n && highByte !== 0xff : highByte !== 0 && highByte < 224;
  const inPrefix = number & ((1n << hostBits) - 1n);
  const isBroadcast = inPrefix === (1n << hostBits) - 1n;
  // Prefixes of 31 and 32 bits (RFC 3021) have no network and broadcast addresses.
  const isNetwork = family === 4 && hostBits > 1n && (inPrefix === 0n || isBroadcast);
  return {
    family,
    value: family === 6 ? number : number + (1n << 128n),
    isLoopback,
    isLinkLocal: family === 6 && number >> 118n === 0xfe80n >> 6n,
    isUnicast,
    isHost: isUnicast && !isLoopback && !isNetwork,
    contains: (other) =>
      other.family === family && ((other.value ^ number) & ((1n << BigInt(bits)) - 1n)) >> hostBits === 0n,
  };
}

function ipv4Number(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Number(address: string): bigint {
  const [start = [], end = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - start.length - end.length }, () => '0');
  return [...start, ...zeros, ...end].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}
