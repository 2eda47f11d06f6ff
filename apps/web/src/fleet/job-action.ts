import { vmActionNames, vmActions, type Job, type VmActionName } from '@aether-v/types';

/** Whether the job has not ended yet. */
export function isActive({ state }: Pick<Job, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** The power action that a job carries out; null for other jobs. */
export function vmActionOf(job: Pick<Job, 'op'>): VmActionName | null {
  return vmActionNames.find((name) => vmActions[name].op === job.op) ?? null;
}
