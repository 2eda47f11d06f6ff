import {
  cancelJob,
  client,
  getInventory,
  getJob,
  getJobLog,
  getVm,
  listJobs,
  listVms,
  pauseVm,
  resetVm,
  restartVm,
  resumeVm,
  saveVm,
  setStreamInterest,
  shutdownVm,
  startVm,
  stopVm,
  testHost,
} from '@aether-v/api-client';
import type {
  Inventory,
  Job,
  JobAccepted,
  JobList,
  JobLog,
  JobQuery,
  Plan,
  Vm,
  VmList,
  VmSummary,
} from '@aether-v/types';
import { ask, askToAct, type Answer } from './ask.ts';
import { criticalSearch, type VmListSpec } from './list-spec.ts';
import type { OfferedCommand } from './offered-commands.ts';
import { ServiceUnreachable } from './problem.ts';

/** One object, and the fleet version at which it was read. */
export interface One<T> {
  readonly row: T;
  readonly version: string;
}

async function askOne<T>(
  send: (signal: AbortSignal) => Promise<Answer<T>>,
  signal?: AbortSignal,
): Promise<One<T>> {
  const { data, response } = await ask(send, signal);
  return { row: data, version: response.headers.get('fleet-version') ?? '' };
}

function vmQuery({ sort, descending, critical, states, hostId, clusterId, ...spec }: VmListSpec) {
  const search = critical ? criticalSearch : spec.search;
  return {
    sort: descending ? (`-${sort}` as const) : sort,
    ...(search && { search }),
    ...(states && { state: [...states] }),
    ...(hostId !== undefined && { hostId: [hostId] }),
    ...(clusterId !== undefined && { clusterId: [clusterId] }),
  };
}

const calls = {
  'host.test': testHost,
  'vm.start': startVm,
  'vm.shutdown': shutdownVm,
  'vm.stop': stopVm,
  'vm.restart': restartVm,
  'vm.reset': resetVm,
  'vm.save': saveVm,
  'vm.pause': pauseVm,
  'vm.resume': resumeVm,
} as const satisfies Record<OfferedCommand, unknown>;

/** Returns the job of an answer to a command that was no dry run. */
export function jobOf(answer: JobAccepted | Plan): Job {
  if ('job' in answer) return answer.job;
  throw new Error('The service answered a command with a plan.');
}

const conflictFields = ['name', 'hostId', 'hostName', 'conflict'] as const;
/** The fields of a VM that tell whether hosts contradict each other about it. */
export type ConflictingVm = Pick<VmSummary, 'id' | (typeof conflictFields)[number]>;

/** Lines per read of a log: the service's page limit. */
const maxLogPage = 1000;

/** The console's requests to the service. */
export const api = {
  async inventory(signal?: AbortSignal): Promise<Inventory> {
    return (await ask((within) => getInventory({ signal: within }), signal)).data;
  },
  async vms(spec: VmListSpec, offset: number, limit: number, signal?: AbortSignal): Promise<VmList> {
    const query = { ...vmQuery(spec), offset, limit };
    // Without `fields` every item is complete.
    return (await ask((within) => listVms({ query, signal: within }), signal)).data as VmList;
  },
  /** Reads where each VM is and whether hosts contradict each other about it. */
  async vmConflicts(
    offset: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ readonly items: readonly ConflictingVm[]; readonly total: number }> {
    const query = { fields: [...conflictFields], offset, limit };
    const { data } = await ask((within) => listVms({ query, signal: within }), signal);
    return data as { items: ConflictingVm[]; total: number };
  },
  vm(vmId: string, signal?: AbortSignal): Promise<One<Vm>> {
    return askOne((within) => getVm({ path: { vmId }, signal: within }), signal);
  },
  async jobs(query: JobQuery, signal?: AbortSignal): Promise<JobList> {
    return (await ask((within) => listJobs({ query, signal: within }), signal)).data;
  },
  job(jobId: string, signal?: AbortSignal): Promise<One<Job>> {
    return askOne((within) => getJob({ path: { jobId }, signal: within }), signal);
  },
  async jobLog(jobId: string, offset: number, signal?: AbortSignal): Promise<JobLog> {
    const query = { offset, limit: maxLogPage };
    return (await ask((within) => getJobLog({ path: { jobId }, query, signal: within }), signal)).data;
  },
  async act(id: string, command: OfferedCommand): Promise<Job> {
    // Each command takes the id of its subject.
    const path = { hostId: id, vmId: id };
    return jobOf((await askToAct((signal) => calls[command]({ path, body: {}, signal }))).data);
  },
  async cancelJob(jobId: string): Promise<void> {
    await askToAct((signal) => cancelJob({ path: { jobId }, body: {}, signal }));
  },
  async interest(streamId: string, vmIds: readonly string[], hostIds: readonly string[]): Promise<void> {
    const body = { vmIds: [...vmIds], hostIds: [...hostIds] };
    await ask((signal) => setStreamInterest({ path: { streamId }, body, signal }));
  },
  /** The raw stream: the client's own event reader hides pings and connection states, so only its transport is used. */
  async events(from: string | null, signal: AbortSignal): Promise<Response> {
    const { response, error } = await client.get({
      url: '/api/v1/events',
      query: from === null ? {} : { from },
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      parseAs: 'stream',
      signal,
    });
    if (!response) throw new ServiceUnreachable(error);
    return response;
  },
};
