import {
  commandOfOperation,
  commands,
  timestamp,
  type Job,
  type JournalEntry,
  type Vm,
} from '@aether-v/types';
import type { FleetStore } from '../inventory/fleet-store.ts';
import { toldTimes } from './host-times.ts';
import { journalledJob, queuedJob } from './job-transitions.ts';

/**
 * The job of which the journal of a host tells. Its `source` says so, since a host may write what it likes; its times are
 * those of the service.
 *
 * @param now Milliseconds since 1970.
 */
export function jobOfEntry(store: FleetStore, hostId: string, entry: JournalEntry, now: number): Job {
  const told = { ...entry, ...toldTimes(store, hostId, entry, now) };
  const { operationId: id, op, actor } = entry;
  const subject = {
    id,
    op,
    ...jobAbout(store, hostId, op, entry.vmId),
    hostId,
    actor,
    source: 'host' as const,
  };
  return journalledJob(queuedJob(subject, told.startedAt), told, timestamp(now));
}

/**
 * What a job of a host is about: the VM with this GUID if the host has it, or another node of its cluster. A host has no say over
 * what was done to VMs elsewhere.
 */
export function jobAbout(
  store: FleetStore,
  hostId: string,
  op: string,
  guid: string | null,
): Pick<Job, 'vmId' | 'vmName' | 'title'> {
  const vm = guid === null ? undefined : vmOf(store, hostId, guid);
  const title = [titleOf(op), vm?.name].filter((part) => part !== undefined).join(' ');
  return { vmId: vm?.id ?? null, vmName: vm?.name ?? null, title };
}

function vmOf(store: FleetStore, hostId: string, guid: string): Readonly<Vm> | undefined {
  const rows = [guid, `${guid}@${hostId}`].flatMap((id) => store.get('vm', id) ?? []);
  const clusterId = store.get('host', hostId)?.clusterId ?? null;
  return (
    rows.find((row) => row.hostId === hostId) ??
    rows.find((row) => clusterId !== null && row.clusterId === clusterId)
  );
}

function titleOf(op: string): string {
  const command = commandOfOperation(op);
  return command === null ? op : commands[command].title;
}
