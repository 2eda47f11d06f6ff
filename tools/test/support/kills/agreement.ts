import { pathKey } from '@aether-v/hyperv-sim/engine';
import type { SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Job, JournalEntry, VmFacts, VmSummary } from '@aether-v/types';
import { createdPrefix } from './load.ts';
import { stepContradictions, type Step } from './steps.ts';

/** A journal entry with its host. */
interface Entry extends JournalEntry {
  readonly hostId: string;
}

/** What the service reports. */
export interface ServiceState {
  readonly jobs: readonly Job[];
  readonly vms: readonly VmSummary[];
}

interface State extends ServiceState {
  readonly fleet: SimulatedFleet;
  readonly entries: readonly Entry[];
  readonly machines: readonly { readonly hostId: string; readonly vm: VmFacts }[];
  /** The steps that hosts took. */
  readonly steps: readonly Step[];
  readonly initialPaths: ReadonlySet<string>;
}

/** Returns the paths of all files and folders of a fleet, as keys. */
export function pathsOf(fleet: SimulatedFleet): Map<string, { path: string; hostId: string }> {
  const found = new Map<string, { path: string; hostId: string }>();
  for (const hostId of fleet.engine.hostIds) {
    for (const { kind, root, files, folders } of fleet.engine.steps(hostId).files.volumes()) {
      const place = kind === 'csv' ? root : `${hostId} ${root}`;
      for (const path of [...[...files.values()].map((file) => file.path), ...folders.values()]) {
        found.set(`${place} ${pathKey(path)}`, { path, hostId });
      }
    }
  }
  return found;
}

/** Returns the entries of the journals of all hosts. */
export function entriesOf(fleet: SimulatedFleet): Entry[] {
  return fleet.engine.hostIds.flatMap((hostId) => {
    return fleet.journal(hostId).map((entry) => ({ ...entry, hostId }));
  });
}

/**
 * Compares the service, the journals and the engine; returns what contradicts, in sentences. Empty once all is settled
 * and agrees.
 */
export function contradictions(
  fleet: SimulatedFleet,
  service: ServiceState,
  known: Pick<State, 'steps' | 'initialPaths'>,
): string[] {
  const { engine } = fleet;
  const entries = entriesOf(fleet);
  const machines = engine.hostIds.flatMap((hostId) => engine.vms(hostId).map((vm) => ({ hostId, vm })));
  const state: State = { ...service, ...known, fleet, entries, machines };
  return [unsettled, jobsAndJournals, repetitions, machinesAndJournals, leftovers, inventory].flatMap(
    (check) => check(state),
  );
}

const stable: ReadonlySet<string> = new Set(['Running', 'Off', 'Saved', 'Paused']);

function unsettled({ jobs, entries, machines }: State): string[] {
  return [
    ...jobs
      .filter(({ state }) => state === 'queued' || state === 'running' || state === 'unknown')
      .map(({ id, title, state }) => `The job ${id} (${title}) is ${state}.`),
    ...entries
      .filter(({ finishedAt }) => finishedAt === null)
      .map(({ operationId, op, state }) => `The operation ${operationId} (${op}) is ${state}.`),
    ...machines
      .filter(({ vm }) => vm.activity !== null || !stable.has(vm.state))
      .map(({ vm }) => `${vm.name} is ${vm.state} (${vm.activity?.kind ?? 'no activity'}).`),
  ];
}

/** Every operation has a job that ended as it did; every job that succeeded has its operation. */
function jobsAndJournals({ jobs, entries }: State): string[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const recorded = new Map(entries.map((entry) => [entry.operationId, entry]));
  const lost = entries.flatMap(({ operationId, op, state, hostId }) => {
    const job = byId.get(operationId);
    if (job === undefined) return [`The service has no job for ${op} (${operationId}) of ${hostId}.`];
    if (job.state === state && job.hostId === hostId && job.source === 'service') return [];
    return [`${job.title} (${operationId}) is ${job.state} in the service, and ${state} on ${hostId}.`];
  });
  const invented = jobs
    .filter(({ id, state, children }) => state === 'succeeded' && children === null && !recorded.has(id))
    .map(({ id, title }) => `${title} (${id}) succeeded in the service, but no host has recorded it.`);
  return [...lost, ...invented];
}

/** No operation ran on two hosts, and no step was taken more often than operations could have taken it. */
function repetitions({ entries, machines, steps }: State): string[] {
  const twice = (items: readonly string[], what: string): string[] => {
    const seen = new Set<string>();
    return items.filter((item) => seen.size === seen.add(item).size).map((item) => `${what} twice: ${item}.`);
  };
  const checkpoints = machines.flatMap(({ vm }) => vm.checkpoints.map(({ name }) => `${name} of ${vm.name}`));
  return [
    ...twice(
      entries.map(({ operationId }) => operationId),
      'An operation ran',
    ),
    ...twice(
      machines.map(({ vm }) => vm.vmId),
      'A VM exists',
    ),
    ...twice(
      machines.map(({ vm }) => vm.name),
      'A VM was created',
    ),
    ...twice(checkpoints, 'A checkpoint was taken'),
    ...stepContradictions(entries, steps),
  ];
}

/** Created VMs exist exactly if their creation succeeded and no deletion did. */
function machinesAndJournals({ entries, machines }: State): string[] {
  const ended = (op: string, state: JournalEntry['state']): Set<string> =>
    new Set(entries.flatMap((entry) => (entry.op === op && entry.state === state ? (entry.vmId ?? []) : [])));
  const created = ended('vm.create', 'succeeded');
  const deleted = ended('vm.delete', 'succeeded');
  const present = new Map(machines.map(({ vm }) => [vm.vmId, vm]));
  const unexplained = [...present.values()]
    .filter(({ name, vmId }) => name.startsWith(createdPrefix) && !created.has(vmId))
    .filter((vm) => !entries.some((entry) => namesRest(entry, vm)))
    .map(({ name }) => `${name} exists, but no creation succeeded.`);
  const undead = [...deleted]
    .filter((vmId) => present.has(vmId))
    .map((vmId) => `${vmId} was deleted, and exists.`);
  const missing = [...created]
    .filter((vmId) => !present.has(vmId) && !deleted.has(vmId))
    .map((vmId) => `${vmId} was created and not deleted, and does not exist.`);
  const roles = machines
    .filter(({ hostId, vm }) => vm.clusterRole !== null && hostId === alone)
    .map(({ vm }) => `${vm.name} is a clustered role outside the cluster.`);
  return [...unexplained, ...undead, ...missing, ...roles];
}

/**
 * Returns whether a failed creation reports that it could not remove the VM, such as because a checkpoint was being
 * taken of it.
 */
function namesRest({ op, vmId, error }: Entry, vm: VmFacts): boolean {
  const message = error?.message ?? '';
  const isReported = message.includes('could not be rolled back') && message.includes(`"${vm.name}"`);
  return op === 'vm.create' && vmId === vm.vmId && isReported;
}

/** The host outside the cluster. */
export const alone = 'alone';

/** Files and folders belong to a VM, or an entry of a journal names them. */
function leftovers({ fleet, entries, machines, initialPaths }: State): string[] {
  const told = JSON.stringify(entries).toLowerCase();
  const isTold = (path: string): boolean => told.includes(JSON.stringify(path).slice(1, -1).toLowerCase());
  const used = machines.flatMap(({ hostId, vm }) => {
    const { files } = fleet.engine.steps(hostId);
    const disks = vm.disks.flatMap(({ path }) => files.chain(path));
    const configuration = `${vm.configurationPath}\\Virtual Machines\\${vm.vmId}.vmcx`;
    return [configuration, ...disks].map(pathKey);
  });
  return [...pathsOf(fleet)].flatMap(([key, { path, hostId }]) => {
    if (initialPaths.has(key) || isTold(path)) return [];
    const isUsed =
      used.some((one) => one === pathKey(path) || one.startsWith(`${pathKey(path)}\\`)) ||
      fleet.engine.steps(hostId).files.usersOf(path).length > 0;
    return isUsed ? [] : [`"${path}" on ${hostId} belongs to no VM, and no journal names it.`];
  });
}

/** The service shows the VMs of the engine, where and in the state that they are. */
function inventory({ vms, machines }: State): string[] {
  const shown = new Map(vms.map((vm) => [vm.id, vm]));
  const wrong = machines.flatMap(({ hostId, vm }) => {
    const row = shown.get(vm.vmId);
    if (row === undefined) return [`The service does not show ${vm.name}.`];
    const isRight =
      row.hostId === hostId && row.state === vm.state && row.name === vm.name && row.stale === null;
    return isRight ? [] : [`The service shows ${row.name} on ${row.hostId} as ${row.state}.`];
  });
  const present = new Set(machines.map(({ vm }) => vm.vmId));
  const ghosts = vms.filter(({ id }) => !present.has(id)).map(({ name }) => `The service shows ${name}.`);
  return [...wrong, ...ghosts];
}
