import type { Job, Vm } from '@aether-v/types';

const sorters: Record<string, (vm: Vm) => string | number> = {
  name: (vm) => vm.name,
  state: (vm) => vm.state,
  host: (vm) => vm.hostName,
  processors: (vm) => vm.processors,
  cpu: (vm) => vm.processors,
  memory: (vm) => vm.memory.startup,
  startedAt: (vm) => vm.startedAt ?? '',
};

/** Filters, searches and sorts as the service does. */
export function listVms(vms: Iterable<Vm>, query: URLSearchParams): Vm[] {
  const states = query.getAll('state');
  const search = query.get('search')?.toLowerCase();
  const sort = query.get('sort') ?? 'name';
  const key = sorters[sort.replace('-', '')];
  if (!key) throw new Error(`Unknown sort ${sort}`);
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...vms]
    .filter((vm) => states.length === 0 || states.includes(vm.state))
    .filter((vm) => !query.has('hostId') || query.getAll('hostId').includes(vm.hostId))
    .filter((vm) => !query.has('clusterId') || query.getAll('clusterId').includes(vm.clusterId ?? ''))
    .filter((vm) => {
      if (!search) return true;
      if (search === 'state:critical') return vm.critical;
      const addresses = vm.networkAdapters.flatMap((nic) => nic.addresses);
      return [vm.name, vm.guest?.hostname ?? '', vm.notes, ...addresses]
        .join('\n')
        .toLowerCase()
        .includes(search);
    })
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
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1));
}
