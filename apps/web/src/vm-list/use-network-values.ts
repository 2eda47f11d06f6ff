import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatMac } from '../components/format.ts';
import { useFleet, useRows } from '../fleet/fleet-context.ts';
import { vmPageQuery, vmQuery } from '../fleet/queries.ts';
import type { Typed } from '../search/terms.ts';
import { resourcesQuery } from '../vm-forms/resources.ts';

/** Hosts whose networks are read at most: each read is a request to a host. */
const mostHosts = 8;
/** VMs whose adapters are read at most; as many values are suggested. */
const mostVms = 8;

/** The values of the prefixes that the rows of VMs do not contain. */
export interface NetworkValues {
  readonly vlans: readonly number[];
  readonly macs: readonly string[];
}

/** Returns a MAC address as the service compares it. */
export function hexDigits(text: string): string {
  return text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
}

/**
 * Returns VLANs and MAC addresses for suggestions, which are read while one of the two prefixes is typed: the networks
 * of some hosts, and the adapters of some VMs, for MAC addresses of those that match what is typed.
 */
export function useNetworkValues({ key, value }: Pick<Typed, 'key' | 'value'>): NetworkValues {
  const fleet = useFleet();
  const hosts = useRows('host').filter(({ connection }) => connection.state === 'connected');
  const isNeeded = key === 'vlan' || key === 'mac';
  const digits = key === 'mac' ? hexDigits(value) : '';
  const spec = useMemo(
    () => ({ sort: 'name', descending: false, ...(digits !== '' && { search: `mac:${digits}` }) }) as const,
    [digits],
  );
  const found = useQuery({ ...vmPageQuery(fleet, spec, 0, mostVms), enabled: isNeeded });
  const adapters = useQueries({
    queries: (isNeeded ? (found.data?.ids ?? []) : []).map((id) => vmQuery(fleet, id)),
    combine: (results) => results.flatMap(({ data }) => data?.networkAdapters ?? []),
  });
  const networks = useQueries({
    queries: (key === 'vlan' ? hosts.slice(0, mostHosts) : []).map(({ id }) => resourcesQuery(id)),
    combine: (results) => results.flatMap(({ data }) => data?.networks ?? []),
  });
  const vlans = [
    ...networks.flatMap(({ vlanId }) => vlanId ?? []),
    ...adapters.flatMap(({ vlan }) => vlan.accessVlanId ?? []),
  ].filter((id) => id > 0);
  const macs = adapters.flatMap(({ macAddress }) => (macAddress === null ? [] : formatMac(macAddress)));
  // A text, so that the result is the same object while the values are equal.
  const text = JSON.stringify({ vlans, macs } satisfies NetworkValues);
  return useMemo(() => JSON.parse(text) as NetworkValues, [text]);
}
