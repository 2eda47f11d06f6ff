import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Returns the address at which a browser reaches a service; for all addresses of the machine, that of its network. */
export function serviceUrl(
  bound: { readonly address: string; readonly port: number },
  isSecure: boolean,
): string {
  const isAny = bound.address === '0.0.0.0' || bound.address === '::';
  const address = isAny ? ownAddress() : bound.address;
  const host = isIPv6(address) ? `[${address}]` : address;
  return `${isSecure ? 'https' : 'http'}://${host}:${bound.port}`;
}

/** Returns the machine's first IPv4 address beyond loopback. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
