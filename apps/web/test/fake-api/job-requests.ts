import {
  vmActionOf,
  type BulkAccepted,
  type BulkPlan,
  type BulkRequest,
  type Job,
  type Plan,
  type Vm,
} from '@aether-v/types';
import { changeOf, planOf, type FakeChange } from './changes.ts';
import type { FakeFleet } from './fleet.ts';
import { makeFamily } from './job-rows.ts';

/** Returns the change of one VM that a bulk request with a form asks for; null for power actions. */
function changeIn({ command, targetHostId, checkpointName }: BulkRequest): FakeChange | null {
  const query = new URLSearchParams();
  if (command === 'vm.delete') return changeOf({ method: 'DELETE', parts: [], query, body: {} });
  if (command === 'checkpoint.create')
    return changeOf({ method: 'POST', parts: ['checkpoints'], query, body: { name: checkpointName } });
  if (command !== 'vm.move') return null;
  return changeOf({
    method: 'POST',
    parts: ['move'],
    query,
    body: { targetHostId: targetHostId ?? 'hv-02' },
  });
}

/** A dry run: a VM that is not off can only be deleted with `force`. */
function bulkPlan(fleet: FakeFleet, { command, vms, force, deleteDisks }: BulkRequest): BulkPlan {
  const items = vms
    .flatMap(({ vmId }) => fleet.vms.get(vmId) ?? [])
    .map((vm: Vm): Plan => {
      const isOn = command === 'vm.delete' && !force && vm.state !== 'Off';
      const message = `${vm.name} is running.`;
      return planOf(vm, command, {
        ...(command === 'vm.delete' && deleteDisks && { deletes: vm.disks.map(({ path }) => path) }),
        ...(isOn && { refusals: [{ code: 'wrong-state', message, remedy: null }], deletes: [] }),
      });
    });
  return { ok: items.every(({ ok }) => ok), items };
}

/** A command for several VMs: a parent whose counts follow its children. */
function bulk(fleet: FakeFleet, request: BulkRequest): BulkAccepted {
  const { command, vms } = request;
  const found = vms.flatMap(({ vmId }) => fleet.vms.get(vmId) ?? []);
  const action = vmActionOf(command);
  const change = changeIn(request);
  const begin = (vm: Vm, part: Partial<Job>): Job | null => {
    if (change) return fleet.change(vm, change, part);
    return action === null ? null : fleet.act(vm, action, part);
  };
  const { parent: made } = makeFamily(found, `${command} ${found.length} VMs`, Date.now());
  const parent: Job = { ...made, command };
  fleet.putJob(parent);
  const refused: BulkAccepted['refused'] = [];
  const children = found.flatMap((vm, index) => {
    const job = begin(vm, { parentId: parent.id, step: { number: index + 1, of: found.length } });
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
  isDryRun: boolean,
): { readonly status: number; readonly body: object } | null {
  if (what === 'vms' && id === 'bulk' && isDryRun)
    return { status: 200, body: bulkPlan(fleet, body as BulkRequest) };
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
