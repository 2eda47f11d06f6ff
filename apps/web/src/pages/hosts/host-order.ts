import { connectionViews } from '../../components/states.text.ts';
import type { TableSort } from '../../table/column.ts';
import { fractionOf, fullestOf, type HostCapacity } from './host-capacity.ts';

type Sortable = string | number | null;

const sorted: Readonly<Record<string, (row: HostCapacity) => Sortable>> = {
  name: ({ host }) => host.name,
  cluster: ({ host }) => host.clusterName,
  state: ({ host }) => connectionViews[host.connection.state].word,
  fullest: (row) => fullestOf(row)?.fraction ?? null,
  cpu: ({ cpuPercent }) => cpuPercent,
  memory: ({ memory }) => fractionOf(memory),
  vms: ({ host }) => host.vmCount,
  storage: ({ storage }) => fractionOf(storage),
  agent: ({ host }) => host.facts?.agentVersion ?? null,
  heard: ({ host, sampledAt }) => sampledAt ?? host.stale?.since ?? null,
  address: ({ host }) => host.address,
  system: ({ host }) => host.facts?.osName ?? null,
};

const texts = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : texts.compare(String(a), String(b));
}

/** Sorts hosts by a column; those whose value is not known come last in both directions, and names break ties. */
export function sortHosts(rows: readonly HostCapacity[], { column, descending }: TableSort): HostCapacity[] {
  const valueOf = sorted[column] ?? (() => null);
  const values = new Map(rows.map((row) => [row, valueOf(row)]));
  return [...rows].sort((a, b) => {
    const [x, y] = [values.get(a) ?? null, values.get(b) ?? null];
    const byName = texts.compare(a.host.name, b.host.name);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName;
    return (descending ? -1 : 1) * compare(x, y) || byName;
  });
}
