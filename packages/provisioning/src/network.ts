import { Type, type Static } from 'typebox';
import { hostNamePattern } from './host-name.ts';
import { parseAddress } from './ip-addresses.ts';

const strict = { additionalProperties: false };

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `(?:${octet}\\.){3}${octet}`;
const group = '[0-9a-f]{1,4}';
// Lower case, without zones and embedded IPv4 addresses: what every backend of a guest reads alike.
const ipv6 = [
  `(?:${group}:){7}${group}`,
  `(?:${group}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map((after) => `(?:${group}:){1,${7 - after}}(?::${group}){1,${after}}`),
  `:(?::${group}){1,7}`,
  '::',
].join('|');
const prefix4 = '(?:[1-9]|[12][0-9]|3[0-2])';
const prefix6 = '(?:[1-9]|[1-9][0-9]|1[01][0-9]|12[0-8])';

const NetworkAdapter = Type.Object(
  {
    mac: Type.String({
      pattern: '^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$',
      description: 'The MAC address of the adapter, in lower case; unique.',
    }),
    dhcp4: Type.Optional(Type.Boolean({ description: 'IPv4 by DHCP. Default: false.' })),
    dhcp6: Type.Optional(
      Type.Boolean({
        description: 'IPv6 by router advertisements, and DHCPv6 if they ask for it. Default: false.',
      }),
    ),
    addresses: Type.Optional(
      Type.Array(Type.String({ pattern: `^(?:${ipv4}/${prefix4}|(?:${ipv6})/${prefix6})$` }), {
        minItems: 1,
        maxItems: 16,
        description: 'Static addresses with prefix length; unique over all adapters.',
      }),
    ),
    gateway4: Type.Optional(Type.String({ pattern: `^${ipv4}$`, description: 'Default gateway for IPv4.' })),
    gateway6: Type.Optional(
      Type.String({ pattern: `^(?:${ipv6})$`, description: 'Default gateway for IPv6.' }),
    ),
    onLink: Type.Optional(
      Type.Boolean({
        description: 'The gateways may be outside the prefixes of the addresses. Default: false.',
      }),
    ),
    dns: Type.Optional(
      Type.Array(Type.String({ pattern: `^(?:${ipv4}|${ipv6})$` }), {
        minItems: 1,
        maxItems: 8,
        description: 'Addresses of DNS servers.',
      }),
    ),
    search: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 253, pattern: hostNamePattern }), {
        minItems: 1,
        maxItems: 8,
        description: 'Search domains.',
      }),
    ),
    mtu: Type.Optional(
      Type.Integer({ minimum: 576, maximum: 9000, description: 'MTU in bytes; at least 1280 with IPv6.' }),
    ),
  },
  strict,
);

/** The section `network`: the configuration of adapters. Hyper-V has at most 8 synthetic ones. */
export const NetworkSection = Type.Object(
  { adapters: Type.Array(NetworkAdapter, { minItems: 1, maxItems: 8 }) },
  strict,
);

type Adapter = Static<typeof NetworkAdapter>;
type Family = 4 | 6;

/** Returns the paths of fields that contradict others or that no network can have; the section fits the schema. */
export function networkProblems({ adapters }: Static<typeof NetworkSection>): string[] {
  const addresses = adapters.flatMap((adapter, at) =>
    (adapter.addresses ?? []).map((text, index) => ({
      path: `adapters/${at}/addresses/${index}`,
      value: parseAddress(text).value,
    })),
  );
  const problems = [
    ...adapters.flatMap((adapter, at) =>
      adapterProblems(adapter).map((field) => `adapters/${at}${field && `/${field}`}`),
    ),
    ...repeated(adapters.map(({ mac }, at) => ({ path: `adapters/${at}/mac`, value: mac }))),
    ...repeated(addresses),
    ...(['gateway4', 'gateway6'] as const).flatMap((field) =>
      adapters
        .flatMap((adapter, at) => (adapter[field] === undefined ? [] : [`adapters/${at}/${field}`]))
        .slice(1),
    ),
  ];
  return problems.map((path) => `/network/${path}`);
}

function repeated(entries: readonly { readonly path: string; readonly value: unknown }[]): string[] {
  return entries.flatMap(({ path, value }, index) =>
    entries.findIndex((entry) => entry.value === value) < index ? [path] : [],
  );
}

/** Returns the fields of an adapter that are wrong; an empty text means the adapter as a whole. */
function adapterProblems(adapter: Adapter): string[] {
  const { addresses = [], dhcp4 = false, dhcp6 = false, dns = [], mtu = 1280 } = adapter;
  const families = addresses.map((text) => parseAddress(text).family);
  const isEmpty = addresses.length === 0 && !dhcp4 && !dhcp6;
  return [
    ...(adapter.mac === '00:00:00:00:00:00' ? ['mac'] : []),
    ...(isEmpty ? [''] : []),
    ...(dhcp4 && families.includes(4) ? ['dhcp4'] : []),
    ...(dhcp6 && families.includes(6) ? ['dhcp6'] : []),
    ...addresses.flatMap((text, index) => (parseAddress(text).isHost ? [] : [`addresses/${index}`])),
    ...(isGatewayUsable(adapter, 4, adapter.gateway4) ? [] : ['gateway4']),
    ...(isGatewayUsable(adapter, 6, adapter.gateway6) ? [] : ['gateway6']),
    ...dns.flatMap((text, index) => {
      const { family, isUnicast } = parseAddress(text);
      const isReachable = families.includes(family) || (family === 4 ? dhcp4 : dhcp6);
      return isUnicast && isReachable ? [] : [`dns/${index}`];
    }),
    ...(mtu < 1280 && (dhcp6 || families.includes(6)) ? ['mtu'] : []),
  ];
}

/** A gateway needs a static address of its family, and is in one of its prefixes, link-local, or explicitly on-link. */
function isGatewayUsable(
  { addresses = [], onLink = false }: Adapter,
  family: Family,
  text?: string,
): boolean {
  if (text === undefined) return true;
  const gateway = parseAddress(text);
  const own = addresses.map(parseAddress).filter((address) => address.family === family);
  if (own.length === 0 || own.some(({ value }) => value === gateway.value)) return false;
  if (!gateway.isUnicast || gateway.isLoopback) return false;
  if (onLink || gateway.isLinkLocal) return true;
  return own.some((address) => address.contains(gateway));
}
