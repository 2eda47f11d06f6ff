import { acknowledgeJob, retryJob, runBulk } from '@aether-v/api-client';
import type { BulkAccepted, BulkPlan, BulkRequest, Job, Plan } from '@aether-v/types';
import { ask, askToAct } from './ask.ts';

/** An accepted request for several VMs: the job, and the VMs that were left out with the reasons. */
function accepted(answer: BulkAccepted | BulkPlan | Plan): BulkAccepted {
  if ('job' in answer) return answer;
  throw new Error('The service answered a command with a plan.');
}

/** A host checks four VMs of a dry run at a time. The service answers within 50 seconds with what was checked. */
const checkWithinMs = 60_000;

/** The console's requests about jobs that several VMs can be part of. */
export const jobRequests = {
  /** Runs a command on several VMs. A request with the key of an accepted one returns the job of that one. */
  async bulk(body: BulkRequest, key?: string): Promise<BulkAccepted> {
    const headers = key === undefined ? {} : { 'Idempotency-Key': key };
    return accepted((await askToAct((signal) => runBulk({ body, headers, signal }))).data);
  },
  /** Checks a command for several VMs without running it. */
  async planBulk(body: BulkRequest, signal: AbortSignal): Promise<BulkPlan> {
    const send = (within: AbortSignal) => runBulk({ body, query: { dryRun: true }, signal: within });
    const { data } = await ask(send, signal, checkWithinMs);
    if ('job' in data) throw new Error('The service answered a dry run with a job.');
    return data;
  },
  async retry(jobId: string): Promise<BulkAccepted> {
    return accepted((await askToAct((signal) => retryJob({ path: { jobId }, body: {}, signal }))).data);
  },
  async acknowledge(jobId: string): Promise<Job> {
    return (await ask((signal) => acknowledgeJob({ path: { jobId }, body: {}, signal }))).data;
  },
};
