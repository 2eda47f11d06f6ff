import type { Host, Job, Vm } from '@aether-v/types';
import { guid } from './rows.ts';

let jobs = 0;

/** A UUIDv7-shaped id that sorts by time. */
export function jobId(now: number): string {
  jobs += 1;
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${jobs.toString(16).padStart(12, '0')}`;
}

export function makeJob(
  vm: Pick<Vm, 'id' | 'name' | 'hostId'>,
  command: string,
  title: string,
  now: number,
): Job {
  const at = new Date(now).toISOString();
  return {
    id: jobId(now),
    command,
    title: `${title} ${vm.name}`,
    state: 'queued',
    hostId: vm.hostId,
    subject: { kind: 'vm', id: vm.id, name: vm.name },
    parentId: null,
    step: null,
    children: null,
    retryOf: null,
    retriedBy: null,
    actor: 'local administrator',
    source: 'service',
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    queuePosition: null,
    percent: null,
    message: null,
    cancelRequested: false,
    cancellable: true,
    cancelOutcome: null,
    error: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    result: null,
    log: [],
  };
}

/** A test of the connection to a host. */
export function makeTestJob({ id, name }: Host, now: number): Job {
  const job = makeJob({ id, name, hostId: id }, 'host.test', 'Test the connection to', now);
  return { ...job, subject: { kind: 'host', id, name } };
}

/** A parent and its children, one for each VM, with ids that do not sort by time. */
export function makeFamily(vms: readonly Vm[], title: string, now: number): { parent: Job; children: Job[] } {
  const [first] = vms;
  if (!first) throw new Error('A parent needs children.');
  const parent: Job = {
    ...makeJob(first, 'vm.start', title, now),
    title,
    state: 'running',
    hostId: null,
    subject: { kind: 'none', id: null, name: null },
    startedAt: new Date(now).toISOString(),
    percent: 0,
    children: { total: vms.length, succeeded: 0, failed: 0, cancelled: 0 },
  };
  const children = vms.map((vm, index): Job => ({
    ...makeJob(vm, 'vm.start', 'Start', now),
    id: guid(0xf0 + index, index),
    parentId: parent.id,
    step: { number: index + 1, of: vms.length },
  }));
  return { parent, children };
}
