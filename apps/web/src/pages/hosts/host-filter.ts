import type { Host } from '@aether-v/types';
import { hostStatusView } from '../../components/host-status-view.ts';
import type { SearchKey } from '../../search/suggestions.ts';
import { parseTerms } from '../../search/terms.ts';
import { hostsTexts } from './hosts.text.ts';

const fields: Readonly<Record<string, (host: Host) => string>> = {
  name: ({ name }) => name,
  cluster: ({ clusterName }) => clusterName ?? hostsTexts.standalone,
  state: (host) => hostStatusView(host).word,
  os: ({ facts }) => facts?.osName ?? '',
  agent: ({ facts }) => facts?.agentVersion ?? '',
  address: ({ address }) => address,
};

/** The prefixes of a search for hosts. */
const hostSearchKeys = Object.keys(fields);

/** Returns the prefixes of a search for hosts, with the values of these hosts. */
export function hostKeys(hosts: readonly Host[]): readonly SearchKey[] {
  return Object.entries(fields)
    .filter(([key]) => key !== 'name' && key !== 'address')
    .map(([key, valueOf]) => ({
      key,
      meaning: hostsTexts.keys[key] ?? '',
      values: [...new Set(hosts.map(valueOf))].filter((value) => value !== '').sort(),
    }))
    .concat(
      (['name', 'address'] as const).map((key) => ({ key, meaning: hostsTexts.keys[key] ?? '', values: [] })),
    );
}

/** Returns a test of whether a host matches a search: different terms must all match, values of one prefix any. */
export function hostMatcher(search: string): (host: Host) => boolean {
  const terms = parseTerms(search.toLowerCase(), hostSearchKeys);
  const words = terms.filter(({ key }) => key === null).map(({ value }) => value);
  const byKey = Map.groupBy(
    terms.filter(({ key }) => key !== null),
    ({ key }) => key ?? '',
  );
  return (host) => {
    const all = Object.values(fields)
      .map((valueOf) => valueOf(host).toLowerCase())
      .join('\n');
    return (
      words.every((word) => all.includes(word)) &&
      [...byKey].every(([key, wanted]) => {
        const value = fields[key]?.(host).toLowerCase() ?? '';
        return wanted.some((term) => value.includes(term.value));
      })
    );
  };
}
