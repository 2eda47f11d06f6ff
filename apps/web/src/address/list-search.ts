import { vmStates, type VmState } from '@aether-v/types';
import { vmSortKeys, type VmListSpec, type VmSortKey } from '../fleet/list-spec.ts';

/** What the address bar holds of a list of VMs. What is not understood is left out, never an error. */
export interface VmListSearch {
  readonly search?: string;
  /** States, with commas between. */
  readonly state?: string;
  /** A column, with `-` before it for descending. */
  readonly sort?: string;
  /** The VM that was opened or moved to last. */
  readonly selected?: string;
}

/** The same on pages that have tabs. */
export interface TabSearch {
  readonly tab?: string;
}

function text<K extends string>(search: Record<string, unknown>, key: K): { readonly [P in K]?: string } {
  const value = search[key];
  const isText = typeof value === 'string' || typeof value === 'number';
  return (isText && value !== '' ? { [key]: String(value) } : {}) as { readonly [P in K]?: string };
}

export function readVmListSearch(search: Record<string, unknown>): VmListSearch {
  return {
    ...text(search, 'search'),
    ...text(search, 'state'),
    ...text(search, 'sort'),
    ...text(search, 'selected'),
  };
}

export function readTabSearch(search: Record<string, unknown>): TabSearch {
  return text(search, 'tab');
}

/** The list that the address asks for. */
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

export function readStates({ state }: VmListSearch): readonly VmState[] {
  const asked = state?.split(',') ?? [];
  return vmStates.filter((known) => asked.includes(known));
}
