import { vmActionNames, type VmActionName } from '@aether-v/types';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { EngineJob, HyperVEngine } from '../engine/index.ts';
import { checked, readJson, refuseWebPages, writeReply, type AdminReply } from './admin-http.ts';
import { consoleActions, CreateVm, PowerBody } from './admin-requests.ts';
import { Fault, faultKinds } from './fault.ts';
import type { HostEndpoint, ServedHost } from './host-endpoint.ts';
import { OperationFailure } from './operation-failure.ts';

/** The fleet that the admin API controls. */
export interface AdminOptions {
  readonly engine: HyperVEngine;
  readonly endpoints: ReadonlyMap<string, HostEndpoint>;
  readonly hosts: readonly ServedHost[];
}

interface AdminCall {
  readonly options: AdminOptions;
  readonly hostId: string;
  readonly endpoint: HostEndpoint;
  readonly vmId: string;
  readonly action: string;
  readonly body: unknown;
  /** Reply when the work has ended instead of when it has started. */
  readonly wait: boolean;
}

type HostRoute = (call: AdminCall) => AdminReply | Promise<AdminReply>;

const ok = (body: unknown, status = 200): AdminReply => ({ status, body });

function notFound(what: string): OperationFailure {
  return new OperationFailure('not-found', `The ${what} does not exist.`);
}

async function ended(job: EngineJob): Promise<void> {
  if (job.state !== 'running') return;
  await new Promise<void>((resolve) => job.onChange(() => job.state !== 'running' && resolve()));
}

async function jobReply(job: EngineJob, wait: boolean): Promise<AdminReply> {
  if (wait) await ended(job);
  const { state, percent, message, error } = job;
  return ok({ vmId: job.vmId, state, percent, message, error: error?.message ?? null }, wait ? 200 : 202);
}

function isPowerAction(action: string): action is VmActionName {
  return vmActionNames.some((name) => name === action);
}

async function act({
  options: { engine },
  hostId,
  vmId,
  action,
  body,
  wait,
}: AdminCall): Promise<AdminReply> {
  if (isPowerAction(action)) {
    const { force = false } = checked(PowerBody, body);
    return jobReply(engine.power(hostId, vmId, action, { force }), wait);
  }
  switch (action) {
    case 'rename':
      engine.renameVm(hostId, vmId, checked(consoleActions.rename, body).name);
      break;
    case 'notes':
      engine.setNotes(hostId, vmId, checked(consoleActions.notes, body).notes);
      break;
    case 'storage':
      engine.setStorageLost(hostId, vmId, checked(consoleActions.storage, body).lost);
      break;
    case 'delete':
      checked(consoleActions.delete, body);
      engine.deleteVm(hostId, vmId);
      return ok({ vmId });
    case 'migrate':
      return jobReply(engine.migrate(hostId, vmId, checked(consoleActions.migrate, body).target), wait);
    default:
      throw notFound(`action "${action}"`);
  }
  return ok(engine.vm(hostId, vmId));
}

/** Routes of the fleet, by method and path. */
const fleetRoutes: Readonly<Record<string, (options: AdminOptions) => AdminReply>> = {
  'GET /faults': () => ok(faultKinds),
  'GET /hosts': ({ hosts, endpoints, engine }) =>
    ok(
      hosts.map((host) => ({
        ...host,
        vms: engine.vms(host.hostId).length,
        fault: endpoints.get(host.hostId)?.gate.fault ?? null,
      })),
    ),
};

/** Routes of a host, where `:host`, `:vm` and `:action` each match one part of the path. */
const hostRoutes: Readonly<Record<string, HostRoute>> = {
  'GET /hosts/:host/fault': ({ endpoint }) => ok(endpoint.gate.fault),
  'PUT /hosts/:host/fault': ({ endpoint, body }) => {
    endpoint.gate.set(checked(Fault, body));
    return ok(endpoint.gate.fault);
  },
  'DELETE /hosts/:host/fault': ({ endpoint }) => {
    endpoint.gate.set(null);
    return ok(null);
  },
  'GET /hosts/:host/counters': ({ endpoint }) => ok(endpoint.counters),
  'DELETE /hosts/:host/counters': ({ endpoint }) => {
    endpoint.resetCounters();
    return ok(endpoint.counters);
  },
  'GET /hosts/:host/vms': ({ options: { engine }, hostId }) => ok(engine.vms(hostId)),
  'POST /hosts/:host/vms': ({ options: { engine }, hostId, body }) =>
    ok(engine.createVm(hostId, { role: 'utility', ...checked(CreateVm, body) }), 201),
  'GET /hosts/:host/vms/:vm': ({ options: { engine }, hostId, vmId }) => {
    const vm = engine.vm(hostId, vmId);
    if (!vm) throw notFound(`VM ${vmId} on ${hostId}`);
    return ok(vm);
  },
  'POST /hosts/:host/vms/:vm/:action': act,
};

function hostRouteOf(method: string, parts: readonly string[]): HostRoute | undefined {
  const shape = ['', ':host', '', ':vm', ':action'];
  const pattern = parts.map((part, index) => (shape[index] === '' ? part : (shape[index] ?? part)));
  return hostRoutes[`${method} /${pattern.join('/')}`];
}

async function answer(options: AdminOptions, request: IncomingMessage): Promise<AdminReply> {
  refuseWebPages(request);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const method = request.method ?? 'GET';
  const fleetRoute = fleetRoutes[`${method} ${url.pathname}`];
  if (fleetRoute) return fleetRoute(options);
  const hostRoute = hostRouteOf(method, parts);
  if (!hostRoute) throw notFound(`route ${method} ${url.pathname}`);
  const [, hostId = '', , vmId = '', action = ''] = parts;
  const endpoint = options.endpoints.get(hostId);
  if (!endpoint) throw notFound(`host "${hostId}"`);
  const body = await readJson(request);
  const wait = url.searchParams.get('wait') === 'true';
  return hostRoute({ options, hostId, endpoint, vmId, action, body, wait });
}

/** The admin API: faults, counters, and changes that an administrator could make on a host. For loopback only. */
export function createAdminHandler(options: AdminOptions): RequestListener {
  return (request, response) => {
    void writeReply(response, () => answer(options, request));
  };
}
