import { usesResources, type VmSummary } from '@aether-v/types';
import { vmStatusView } from '../components/vm-status-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { VmListSpec } from '../fleet/list-spec.ts';
import { awaitSamples, readVmRows } from '../fleet/read-rows.ts';
import { csvGigabytes, type CsvColumn } from '../table/csv.ts';
import type { VmColumn } from '../vm-table/vm-columns.tsx';
import { vmTableTexts } from '../vm-table/vm-table.text.ts';
import { vmListTexts as texts } from './vm-list.text.ts';

const { columns: labels } = vmTableTexts;

type Value = CsvColumn<VmSummary>['value'];

const isSampled = (vm: VmSummary): boolean => usesResources(vm.state) && !vm.stale;

function columnsOf({ usage }: Fleet): Record<VmColumn['name'], readonly CsvColumn<VmSummary>[]> {
  const one = (heading: string, value: Value): readonly CsvColumn<VmSummary>[] => [{ heading, value }];
  const sampleOf = (vm: VmSummary) => (isSampled(vm) ? (usage.vm(vm.id)?.latest ?? null) : null);
  return {
    name: one(labels.name, ({ name }) => name),
    state: one(labels.state, (vm) => vmStatusView(vm, vm.state).word),
    host: one(labels.host, ({ hostName }) => hostName),
    cluster: one(labels.cluster, ({ clusterName }) => clusterName),
    processors: one(labels.processors, ({ processors }) => processors),
    cpu: one(texts.csv.cpu, (vm) => {
      const sample = sampleOf(vm);
      return sample && Math.round(sample.cpuPercent);
    }),
    memory: one(texts.csv.memory, (vm) => csvGigabytes(sampleOf(vm)?.memoryAssigned ?? vm.memory.startup)),
    address: one(labels.address, ({ addresses }) => addresses.join(' ')),
    startedAt: one(texts.csv.startedAt, ({ startedAt }) => startedAt),
    system: one(labels.system, ({ guest }) => guest?.osName ?? null),
    hostname: one(labels.hostname, ({ guest }) => guest?.hostname ?? null),
    createdAt: one(labels.createdAt, ({ createdAt }) => createdAt),
    actions: [],
  };
}

/** Returns the columns of a CSV file for columns of the table. */
export function vmCsvColumns(fleet: Fleet, columns: readonly VmColumn[]): readonly CsvColumn<VmSummary>[] {
  const all = columnsOf(fleet);
  return columns.flatMap(({ name }) => all[name]);
}

/** Reads all VMs of a list, with samples if the columns have them. */
export async function readVmCsv(
  fleet: Fleet,
  spec: VmListSpec,
  columns: readonly VmColumn[],
): Promise<readonly VmSummary[]> {
  const rows = await readVmRows(spec);
  if (columns.some(({ name }) => name === 'cpu' || name === 'memory'))
    await awaitSamples(
      fleet,
      rows.filter(isSampled).map(({ id }) => id),
    );
  return rows;
}
