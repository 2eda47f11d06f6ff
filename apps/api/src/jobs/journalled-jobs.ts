import {
  commandOfOperation,
  timestamp,
  type Job,
  type JournalEntry,
  type OperationName,
  type Vm,
} from '@aether-v/types';
import type { FleetStore } from '../inventory/fleet-store.ts';
import { toldTimes } from './host-times.ts';
import { jobTitle } from './job-title.ts';
import { journalledJob, queuedJob, type JobIdentity } from './job-transitions.ts';
import type { NoteContent } from './journal-notes.ts';

/**
 * Returns the job of a journal entry. The service's note determines its subject; without one the host does, which may
 * write anything, and the job's `source` shows that. Times are converted to the service's clock.
 *
 * @param now Milliseconds since 1970.
 */
export function jobOfEntry(
  store: FleetStore,
  hostId: string,
  entry: JournalEntry,
  note: NoteContent | undefined,
  now: number,
): Job {
  const told = { ...entry, ...toldTimes(store, hostId, entry, now) };
  const identity =
    note === undefined ? toldIdentity(store, hostId, entry) : notedIdentity(hostId, entry, note);
  return journalledJob(queuedJob(identity, told.startedAt), told, timestamp(now));
}

/**
 * Returns a job's subject as reported by a host: the VM with this GUID if the host, or another node of its cluster, has
 * it. A host cannot affect VMs elsewhere.
 */
export function jobAbout(
  store: FleetStore,
  hostId: string,
  command: string,
  guid: string | null,
): Pick<Job, 'subject' | 'title'> {
  const vm = guid === null ? undefined : vmOf(store, hostId, guid);
  const kind = guid === null ? 'none' : 'vm';
  const subject = { kind, id: vm?.id ?? null, name: vm?.name ?? null } as const;
  return { subject, title: jobTitle(command, subject) };
}

/** The op of an operation that was cancelled before its host received it. */
const barredOp: OperationName = 'operation.cancel';

/**
 * Verifies that an entry is that of an operation, which its host may also have barred.
 *
 * @throws Error if it is that of another operation.
 */
export function assertEntryOf(operationId: string, op: string, entry: JournalEntry): void {
  if (entry.operationId !== operationId) throw new Error(`the host returned ${entry.operationId} instead`);
  if (entry.op !== op && entry.op !== barredOp) throw new Error(`the host returned ${entry.op} instead`);
}

function toldIdentity(store: FleetStore, hostId: string, entry: JournalEntry): JobIdentity {
  const { operationId: id, op, actor, vmId } = entry;
  const command = commandOfOperation(op) ?? op;
  return { id, command, ...jobAbout(store, hostId, command, vmId), hostId, actor, source: 'host' };
}

function notedIdentity(hostId: string, { operationId: id }: JournalEntry, note: NoteContent): JobIdentity {
  const { command, subject, actor, parent, request, retryOf } = note;
  const place =
    parent === undefined ? {} : { parentId: parent.id, step: { number: parent.number, of: parent.of } };
  const retry = retryOf === undefined ? {} : { retryOf };
  const title = jobTitle(command, subject, request);
  return { id, command, title, subject, hostId, actor: actor.name, source: 'service', ...place, ...retry };
}

function vmOf(store: FleetStore, hostId: string, guid: string): Readonly<Vm> | undefined {
  const rows = [guid, `${guid}@${hostId}`].flatMap((id) => store.get('vm', id) ?? []);
  const clusterId = store.get('host', hostId)?.clusterId ?? null;
  return (
    rows.find((row) => row.hostId === hostId) ??
    rows.find((row) => clusterId !== null && row.clusterId === clusterId)
  );
}
