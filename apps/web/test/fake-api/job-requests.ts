import { vmActionOf, type BulkAccepted, type BulkRequest, type Job } from '@aether-v/types';
import type { FakeFleet } from './fleet.ts';
import { makeFamily } from './job-rows.ts';

/** A command for several VMs: a parent whose counts follow its children. */
function bulk(fleet: FakeFleet, { command, vms }: Pick<BulkRequest, 'command' | 'vms'>): BulkAccepted {
  const found = vms.flatMap(({ vmId }) => fleet.vms.get(vmId) ?? []);
  const action = vmActionOf(command);
  if (action === null) throw new Error(`${command} is no power action.`);
  const { parent: made } = makeFamily(found, `${command} ${found.length} VMs`, Date.now());
  const parent: Job = { ...made, command };
  fleet.putJob(parent);
  const refused: BulkAccepted['refused'] = [];
  const children = found.flatMap((vm, index) => {
    const job = fleet.act(vm, action, { parentId: parent.id, step: { number: index + 1, of: found.length } });
    if (job) return [job.id];
    const message = `${vm.name} is ${vm.state}.`;
    refused.push({ vmId: vm.id, name: vm.name, refusals: [{ code: 'wrong-state', message, remedy: null }] });
    return [];
  });
  const unsubscribe = fleet.subscribe(({ event, data }) => {
    if (event !== 'row' || !children.includes(data.id)) return;
    const states = children.map((id) => fleet.jobs.get(id)?.state);
    const count = (state: Job['state']): number => states.filter((each) => each === state).length;
    const [succeeded, failed] = [count('succeeded'), count('failed')];
    const isDone = succeeded + failed === children.length;
    if (isDone) unsubscribe();
    fleet.putJob({
      ...parent,
      children: { total: children.length, succeeded, failed, cancelled: 0 },
      state: isDone ? (failed > 0 ? 'failed' : 'succeeded') : 'running',
      finishedAt: isDone ? new Date().toISOString() : null,
      error:
        isDone && failed > 0 ? { code: 'agent-error', message: `${failed} failed.`, remedy: null } : null,
    });
  });
  return { job: parent, refused };
}

function retry(fleet: FakeFleet, job: Job): BulkAccepted | null {
  const vm = fleet.vms.get(job.subject.id ?? '');
  const action = vmActionOf(job.command);
  const next = vm && action ? fleet.act(vm, action, { retryOf: job.id, actor: 'Ada Example' }) : null;
  if (!next) return null;
  fleet.putJob({ ...job, retriedBy: next.id });
  return { job: next, refused: [] };
}

/** Answers requests about jobs as the service does; null for other requests. */
export function answerJobRequest(
  fleet: FakeFleet,
  [what, id, action]: readonly string[],
  body: object,
): { readonly status: number; readonly body: object } | null {
  if (what === 'vms' && id === 'bulk') return { status: 202, body: bulk(fleet, body as BulkRequest) };
  const job = what === 'jobs' ? fleet.jobs.get(id ?? '') : undefined;
  if (job && action === 'retry') {
    const accepted = retry(fleet, job);
    return accepted && { status: 202, body: accepted };
  }
  if (!job || action !== 'acknowledge') return null;
  const known: Job = { ...job, acknowledgedBy: 'Ada Example', acknowledgedAt: new Date().toISOString() };
  fleet.putJob(known);
  return { status: 200, body: known };
}
