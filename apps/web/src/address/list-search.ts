import { vmStates, type VmState } from '@aether-v/types';
import { vmSortKeys, type VmListSpec, type VmSortKey } from '../fleet/list-spec.ts';

/** Search parameters of a VM list. The page names invalid states. */
export interface VmListSearch {
  readonly search?: string;
  /** States, separated by commas. */
  readonly state?: string;
  /** A column, with a leading `-` for descending order. */
  readonly sort?: string;
}

/** Search parameters of a list that the console filters and sorts. */
export type ListSearch = Pick<VmListSearch, 'search' | 'sort'>;

/** Search parameters of pages with tabs. */
export interface TabSearch {
  readonly tab?: string;
}

function text<K extends string>(search: Record<string, unknown>, key: K): { readonly [P in K]?: string } {
  const value = search[key];
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as {
    readonly [P in K]?: string;
  };
}

export function readVmListSearch(search: Record<string, unknown>): VmListSearch {
  return {
    ...text(search, 'search'),
    ...text(search, 'state'),
    ...text(search, 'sort'),
  };
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  return { ...text(search, 'search'), ...text(search, 'sort') };
}

export function readTabSearch(search: Record<string, unknown>): TabSearch {
  return text(search, 'tab');
}

/** Converts search parameters to a list specification. */
export function vmListSpec(
  search: VmListSearch,
  within: { hostId?: string; clusterId?: string } = {},
): VmListSpec {
  const descending = search.sort?.startsWith('-') ?? false;
  const field = search.sort?.replace(/^-/, '');
  const sort: VmSortKey = vmSortKeys.find((key) => key === field) ?? 'name';
  const states = readStates(search);
  return {
    ...within,
    ...(search.search !== undefined && { search: search.search }),
    ...(states.length > 0 && { states }),
    sort,
    descending,
  };
}

function askedStates({ state }: VmListSearch): readonly string[] {
  return state?.split(',').filter((asked) => asked !== '') ?? [];
}

function stateNamed(asked: string): VmState | undefined {
  return vmStates.find((known) => known.toLowerCase() === asked.trim().toLowerCase());
}

/** Returns the states in the address, in any case, in the order of the table. */
export function readStates(search: VmListSearch): readonly VmState[] {
  const asked = askedStates(search).map(stateNamed);
  return vmStates.filter((known) => asked.includes(known));
}

/** Returns the words in the address that are no states. */
export function unknownStates(search: VmListSearch): readonly string[] {
  return askedStates(search).filter((asked) => stateNamed(asked) === undefined);
}
