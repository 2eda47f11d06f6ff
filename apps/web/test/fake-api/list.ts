import { parseVmSearch, type Job, type Vm, type VmSearchKey } from '@aether-v/types';

const sorters: Record<string, (vm: Vm) => string | number> = {
  name: (vm) => vm.name,
  state: (vm) => vm.state,
  host: (vm) => vm.hostName,
  cluster: (vm) => vm.clusterName ?? '',
  createdAt: (vm) => vm.createdAt ?? '',
  processors: (vm) => vm.processors,
  cpu: (vm) => vm.processors,
  memory: (vm) => vm.memory.startup,
  startedAt: (vm) => vm.startedAt ?? '',
};

const hexadecimal = (text: string): string => text.replaceAll(/[^0-9a-f]/g, '');

/** The values of each prefix, as the service searches them, without its finer points. */
const searched: Record<VmSearchKey, (vm: Vm, value: string) => boolean> = {
  name: (vm, value) => vm.name.toLowerCase().includes(value),
  state: (vm, value) => vm.state.toLowerCase().startsWith(value) || (value === 'critical' && vm.critical),
  host: (vm, value) => vm.hostName.toLowerCase().includes(value),
  cluster: (vm, value) => vm.clusterName?.toLowerCase().includes(value) ?? false,
  os: (vm, value) => vm.guest?.osName?.toLowerCase().includes(value) ?? false,
  ip: (vm, value) => vm.addresses.some((address) => address.startsWith(value)),
  mac: (vm, value) =>
    /^[0-9a-f:.-]{2,}$/.test(value) &&
    vm.networkAdapters.some(({ macAddress }) =>
      hexadecimal(macAddress?.toLowerCase() ?? '').includes(hexadecimal(value)),
    ),
  vlan: (vm, value) => vm.networkAdapters.some(({ vlan }) => String(vlan.accessVlanId) === value),
  switch: (vm, value) =>
    vm.networkAdapters.some(({ switchName }) => switchName?.toLowerCase().includes(value) ?? false),
};

function matches(vm: Vm, search: string): boolean {
  const terms = parseVmSearch(search).map(({ key, value }) => ({ key, value: value.toLowerCase() }));
  const rest = [vm.guest?.hostname ?? '', vm.notes].join('\n').toLowerCase();
  return Map.groupBy(terms, ({ key, value }) => key ?? `"${value}`)
    .values()
    .every((same) =>
      same.some(({ key, value }) =>
        key === null
          ? rest.includes(value) || Object.values(searched).some((test) => test(vm, value))
          : searched[key](vm, value),
      ),
    );
}

/** Filters, searches and sorts as the service does. */
export function listVms(vms: Iterable<Vm>, query: URLSearchParams): Vm[] {
  const states = query.getAll('state');
  const search = query.get('search');
  const sort = query.get('sort') ?? 'name';
  const key = sorters[sort.replace('-', '')];
  if (!key) throw new Error(`Unknown sort ${sort}`);
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...vms]
    .filter((vm) => states.length === 0 || states.includes(vm.state))
    .filter((vm) => !query.has('hostId') || query.getAll('hostId').includes(vm.hostId))
    .filter((vm) => !query.has('clusterId') || query.getAll('clusterId').includes(vm.clusterId ?? ''))
    .filter((vm) => !search || matches(vm, search))
    .sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -sign : sign;
      return a.name < b.name ? -1 : 1;
    });
}

/** Filters and sorts as the service does: the newest first. */
export function listJobs(jobs: Iterable<Job>, query: URLSearchParams): Job[] {
  const all = [...jobs];
  const ids = new Set(all.map(({ id }) => id));
  return all
    .filter(({ parentId }) => query.get('topLevel') !== 'true' || parentId === null || !ids.has(parentId))
    .filter((job) => !query.has('parentId') || query.getAll('parentId').includes(job.parentId ?? ''))
    .filter((job) => !query.has('state') || query.getAll('state').includes(job.state))
    .filter((job) => !query.has('hostId') || query.getAll('hostId').includes(job.hostId ?? ''))
    .filter((job) => !query.has('vmId') || query.getAll('vmId').includes(job.subject.id ?? ''))
    .filter((job) => !query.has('actor') || query.getAll('actor').includes(job.actor))
    .filter((job) => !query.has('command') || query.getAll('command').includes(job.command))
    .filter((job) => job.createdAt >= (query.get('from') ?? ''))
    .filter((job) => job.createdAt < (query.get('to') ?? '9999'))
    .filter(
      ({ state, acknowledgedBy }) =>
        query.get('acknowledged') !== 'false' ||
        ((state === 'failed' || state === 'unknown') && acknowledgedBy === null),
    )
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1));
}
