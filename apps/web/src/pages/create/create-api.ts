import { createVm } from '@aether-v/api-client';
import type { CreateVmRequest, Job, Plan } from '@aether-v/types';
import { jobOf } from '../../fleet/api.ts';
import { ask } from '../../fleet/ask.ts';

/** The service may have to read the resources of several hosts before it accepts a creation. */
const creationWithinMs = 60_000;

/** Creates a VM and returns its job. A request with the key of an accepted one returns the job of that one. */
export async function sendCreation(body: CreateVmRequest, key: string): Promise<Job> {
  const headers = { 'Idempotency-Key': key };
  const send = (signal: AbortSignal) => createVm({ body, headers, signal });
  return jobOf((await ask(send, undefined, creationWithinMs)).data);
}

/** Checks a creation without carrying it out. */
export async function planCreation(body: CreateVmRequest, signal: AbortSignal): Promise<Plan> {
  const { data } = await ask((within) => createVm({ body, query: { dryRun: true }, signal: within }), signal);
  if ('job' in data) throw new Error('The service answered a dry run with a job.');
  return data;
}
