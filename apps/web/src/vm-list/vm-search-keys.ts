import {
  steadyVmStates,
  vmSearchKeys,
  vmStates,
  type Cluster,
  type Host,
  type VmSummary,
} from '@aether-v/types';
import { useMemo } from 'react';
import type { VmListSearch } from '../address/list-search.ts';
import { readStates } from '../address/list-search.ts';
import { useRows } from '../fleet/fleet-context.ts';
import type { SearchKey } from '../search/suggestions.ts';
import { formatTerms, parseTerms } from '../search/terms.ts';
import { hexDigits, type NetworkValues } from './use-network-values.ts';
import { vmListTexts as texts } from './vm-list.text.ts';

/** A VM that has lost its storage is found by this word, which is no state. */
const critical = 'critical';

/** Prefixes of which people search for a beginning, or for a number that begins others. */
const partial: readonly string[] = ['ip', 'mac', 'vlan'];

const byText = new Intl.Collator(undefined, { numeric: true });

function sorted(values: Iterable<string | null | undefined>): readonly string[] {
  return [...new Set(values)].filter((value): value is string => Boolean(value)).sort(byText.compare);
}

/** Returns the values of each prefix that are known to the console. */
export function knownValues(
  hosts: readonly Host[],
  clusters: readonly Cluster[],
  vms: readonly VmSummary[],
  { vlans, macs }: NetworkValues,
): Readonly<Partial<Record<(typeof vmSearchKeys)[number], readonly string[]>>> {
  return {
    state: [...steadyVmStates, critical],
    host: sorted(hosts.map(({ name }) => name)),
    cluster: sorted(clusters.map(({ name }) => name)),
    os: sorted(vms.map(({ guest }) => guest?.osName)),
    ip: sorted(vms.flatMap(({ addresses }) => addresses.filter((address) => !address.includes(':')))),
    mac: sorted(macs),
    vlan: sorted(vlans.map(String)),
    switch: sorted(hosts.flatMap(({ facts }) => facts?.switches.map(({ name }) => name) ?? [])),
    name: sorted(vms.map(({ name }) => name)),
  };
}

/** Returns the prefixes of a search for VMs, with the values known to the fleet. */
export function useVmSearchKeys(network: NetworkValues): readonly SearchKey[] {
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  const vms = useRows('vm');
  return useMemo(() => {
    const values = knownValues(hosts, clusters, vms, network);
    return vmSearchKeys.map((key) => ({
      key,
      meaning: texts.keys[key],
      values: values[key] ?? [],
      takesPart: partial.includes(key),
      ...(key === 'mac' && { fold: hexDigits }),
    }));
  }, [hosts, clusters, vms, network]);
}

/** Returns the text of the search field: the states of the address are terms like others. */
export function searchText(search: VmListSearch): string {
  const states = readStates(search).map((value) => ({ key: 'state', value }));
  return [formatTerms(states, vmSearchKeys), search.search ?? ''].filter(Boolean).join(' ');
}

/** Returns the search parameters for a text; complete state names become the separate state filter that links use. */
export function searchOfText(text: string): Record<'search' | 'state', string | undefined> {
  const terms = parseTerms(text, vmSearchKeys);
  const stateOf = ({ key, value }: (typeof terms)[number]) =>
    key === 'state' ? vmStates.find((state) => state.toLowerCase() === value.toLowerCase()) : undefined;
  // One list of states: `state:Running state:crit` finds either.
  const states = terms.filter(({ key }) => key === 'state');
  if (states.length === 0 || !states.every(stateOf)) return { search: text || undefined, state: undefined };
  const others = terms.filter(({ key }) => key !== 'state');
  return { search: formatTerms(others, vmSearchKeys) || undefined, state: states.map(stateOf).join(',') };
}

/** Returns the prefixes in a text that the service does not know. */
export function unknownPrefixes(text: string): readonly string[] {
  const known: readonly string[] = vmSearchKeys;
  return [...text.matchAll(/(?<=^|\s)(\p{L}+):(?=\S)/gu)].flatMap(([, prefix = '']) =>
    known.includes(prefix.toLowerCase()) ? [] : [`${prefix}:`],
  );
}
