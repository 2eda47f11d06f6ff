import { acknowledgeJob, retryJob, runBulk } from '@aether-v/api-client';
import type { BulkAccepted, BulkPlan, BulkRequest, Job } from '@aether-v/types';
import { ask, askToAct } from './ask.ts';

/** An accepted request for several VMs: the job, and the VMs that were left out with the reasons. */
function accepted(answer: BulkAccepted | BulkPlan): BulkAccepted {
  if ('job' in answer) return answer;
  throw new Error('The service answered a command with a plan.');
}

/** The console's requests about jobs that several VMs can be part of. */
export const jobRequests = {
  async bulk(body: BulkRequest): Promise<BulkAccepted> {
    return accepted((await askToAct((signal) => runBulk({ body, signal }))).data);
  },
  async retry(jobId: string): Promise<BulkAccepted> {
    return accepted((await askToAct((signal) => retryJob({ path: { jobId }, body: {}, signal }))).data);
  },
  async acknowledge(jobId: string): Promise<Job> {
    return (await ask((signal) => acknowledgeJob({ path: { jobId }, body: {}, signal }))).data;
  },
};
