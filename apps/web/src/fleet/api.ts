import type { HostDetail, Inventory, Job, JobList, Vm, VmActionName, VmList } from '@aether-v/types';
import type { VmListSpec } from './list-spec.ts';
import { ServiceAway, toProblem } from './problem.ts';

/** One object, and the position it was read at. */
export interface One<T> {
  readonly row: T;
  readonly version: string;
}

const base = '/api/v1';
/** Longer than any answer takes, shorter than a person waits. */
const answerWithinMs = 20_000;

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const deadline = AbortSignal.timeout(answerWithinMs);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  let response: Response;
  try {
    response = await fetch(base + path, { ...init, signal });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ServiceAway(cause);
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw toProblem(response.status, body);
}

async function readJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
  return (await response.json()) as T;
}

function sendJson(method: 'POST' | 'PUT', path: string, body: unknown): Promise<Response> {
  return call(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

async function readOne<T>(path: string, signal?: AbortSignal): Promise<One<T>> {
  const response = await call(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
  return { row: (await response.json()) as T, version: response.headers.get('fleet-version') ?? '' };
}

export function vmListQuery(spec: VmListSpec, offset: number, limit: number): URLSearchParams {
  const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
  query.set('sort', (spec.descending ? '-' : '') + spec.sort);
  if (spec.search) query.set('search', spec.search);
  for (const state of spec.states ?? []) query.append('state', state);
  if (spec.hostId !== undefined) query.set('hostId', spec.hostId);
  if (spec.clusterId !== undefined) query.set('clusterId', spec.clusterId);
  return query;
}

export const api = {
  inventory: (signal?: AbortSignal) => readJson<Inventory>('/inventory', signal),
  vms: (spec: VmListSpec, offset: number, limit: number, signal?: AbortSignal) =>
    readJson<VmList>(`/vms?${vmListQuery(spec, offset, limit)}`, signal),
  vm: (id: string, signal?: AbortSignal) => readOne<Vm>(`/vms/${encodeURIComponent(id)}`, signal),
  host: (id: string, signal?: AbortSignal) => readOne<HostDetail>(`/hosts/${encodeURIComponent(id)}`, signal),
  jobs: (offset: number, limit: number, signal?: AbortSignal) =>
    readJson<JobList>(`/jobs?offset=${offset}&limit=${limit}`, signal),
  job: (id: string, signal?: AbortSignal) => readOne<Job>(`/jobs/${encodeURIComponent(id)}`, signal),
  async act(vmId: string, action: VmActionName): Promise<Job> {
    const response = await sendJson('POST', `/vms/${encodeURIComponent(vmId)}/${action}`, {});
    const body = (await response.json()) as { job: Job };
    return body.job;
  },
  async cancelJob(id: string): Promise<void> {
    await sendJson('POST', `/jobs/${encodeURIComponent(id)}/cancel`, {});
  },
  async interest(streamId: string, vmIds: readonly string[], hostIds: readonly string[]): Promise<void> {
    await sendJson('PUT', `/events/${encodeURIComponent(streamId)}/interest`, { vmIds, hostIds });
  },
  events: (from: string | null, signal: AbortSignal) =>
    fetch(`${base}/events${from === null ? '' : `?from=${encodeURIComponent(from)}`}`, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal,
    }),
};
