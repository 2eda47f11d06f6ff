import { isJobFinal, resultOfJob, type JobQuery } from '@aether-v/types';
import type { JobRow } from './job-transitions.ts';

type Matches = (job: JobRow) => boolean;
type CreatedBy = (jobId: string) => string | undefined;

/**
 * Returns whether a job matches the filters of a query.
 *
 * @param jobs All jobs that the principal may read: a job with children matches the hosts and VMs of its children.
 * @param createdBy Returns the GUID of the VM that a job creates or has created, if it is known.
 */
export function jobFilter(query: JobQuery, jobs: Iterable<JobRow>, createdBy: CreatedBy): Matches {
  const { state, hostId, vmId, parentId, actor, command, from, to, acknowledged } = query;
  const matches: Matches[] = [];
  if (state !== undefined) matches.push((job) => state.includes(job.state));
  if (hostId !== undefined) {
    matches.push(withParents((job) => job.hostId !== null && hostId.includes(job.hostId), jobs));
  }
  if (parentId !== undefined) matches.push((job) => job.parentId !== null && parentId.includes(job.parentId));
  if (actor !== undefined) matches.push((job) => actor.includes(job.actor));
  if (command !== undefined) matches.push((job) => command.includes(job.command));
  if (from !== undefined) matches.push((job) => Date.parse(job.createdAt) >= Date.parse(from));
  if (to !== undefined) matches.push((job) => Date.parse(job.createdAt) < Date.parse(to));
  if (acknowledged !== undefined) {
    matches.push((job) => (acknowledged ? job.acknowledgedAt !== null : needsAttention(job)));
  }
  if (vmId !== undefined) matches.push(withParents(isAboutVms(vmId, createdBy), jobs));
  return (job) => matches.every((match) => match(job));
}

/** Returns whether a job has failed or its outcome is unknown without an acknowledgement. */
export function needsAttention({ state, acknowledgedAt }: JobRow): boolean {
  return (state === 'failed' || state === 'unknown') && acknowledgedAt === null;
}

/** Returns whether a job or one of its children matches. */
function withParents(matches: Matches, jobs: Iterable<JobRow>): Matches {
  const parents = new Set<string>();
  for (const job of jobs) if (job.parentId !== null && matches(job)) parents.add(job.parentId);
  return (job) => matches(job) || parents.has(job.id);
}

function isAboutVms(vmIds: readonly string[], createdBy: CreatedBy): Matches {
  const wanted = new Set(vmIds);
  return (job) => vmIdsOf(job, createdBy).some((id) => wanted.has(id));
}

/** Returns the ids that the VM of a job may have: its subject, or the VM that it creates. */
function vmIdsOf(job: JobRow, createdBy: CreatedBy): string[] {
  const { id, subject, hostId, state } = job;
  if (subject.kind === 'vm') return subject.id === null ? [] : [subject.id];
  const result = isJobFinal(state) ? resultOfJob(job, 'vm.create') : null;
  const guid = result?.vm.vmId ?? createdBy(id);
  return guid === undefined ? [] : [guid, `${guid}@${hostId ?? ''}`];
}
