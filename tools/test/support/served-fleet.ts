import type { EngineClock, FleetSpec } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Host, Job, JobAccepted, Plan, Vm, VmFacts, VmSummary } from '@aether-v/types';
import { expect } from 'vitest';
import type { Running } from '../../src/processes.ts';
import { ask, startService } from '../../src/service.ts';
import { until } from '../../src/stack.ts';

const password = 'a fleet for the routes';

/** The speed of the simulated hosts' time. */
const speed = 20;

/** A request to the API, relative to `/api/v1`. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response with its parsed body. */
export interface ApiResponse<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The built service over a simulated fleet whose time is faster, so that long operations end soon. */
export class ServedFleet implements AsyncDisposable {
  readonly fleet: SimulatedFleet;
  readonly #service: Running<string>;

  private constructor(fleet: SimulatedFleet, service: Running<string>) {
    this.fleet = fleet;
    this.#service = service;
  }

  static async start(spec: FleetSpec): Promise<ServedFleet> {
    const fleet = await startFleet({ username: 'aether-v', password, fleet: spec, clock: fastClock() });
    const service = await startService({
      HYPERV_HOSTS: fleet.hostUrls.join(','),
      WINRM_USERNAME: 'aether-v',
      WINRM_PASSWORD: password,
      WINRM_ALLOW_PLAIN_HTTP: 'true',
      RATE_LIMIT_PER_ADDRESS: '1000000',
    });
    const served = new ServedFleet(fleet, service);
    const count = Object.values(spec.vms).flat().length;
    await until('the fleet is read', async () => {
      const { items } = await ask<{ items: Host[] }>(service, '/hosts');
      const { total } = await ask<{ total: number }>(service, '/vms');
      return items.every(({ facts }) => facts !== null) && total === count;
    });
    return served;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
    await this.fleet.close();
  }

  async send<T>({ method, path, body, headers = {} }: ApiRequest): Promise<ApiResponse<T>> {
    const response = await fetch(new URL(`/api/v1${path}`, this.#service.ready), {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** Returns the plan of a request. */
  async plan(request: ApiRequest): Promise<Plan> {
    const path = `${request.path}${request.path.includes('?') ? '&' : '?'}dryRun=true`;
    const { status, body } = await this.send<Plan>({ ...request, path });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  }

  /** Sends a request that is accepted, and returns its job once it has ended. */
  async run(request: ApiRequest): Promise<Job> {
    const { status, headers, body } = await this.send<JobAccepted>(request);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(headers.get('location')).toBe(`/api/v1/jobs/${body.job.id}`);
    let row = body.job;
    await until(`${row.title} has ended`, async () => {
      row = (await this.send<Job>({ method: 'GET', path: `/jobs/${row.id}` })).body;
      return row.finishedAt !== null;
    });
    return row;
  }

  /**
   * Expects a plan without refusals that changes nothing, then runs the request and expects its success. Returns the
   * job.
   */
  async change(request: ApiRequest): Promise<Job> {
    const before = this.state();
    const plan = await this.plan(request);
    expect(plan, JSON.stringify(plan.refusals)).toMatchObject({ ok: true, refusals: [] });
    expect(this.state()).toEqual(before);
    const job = await this.run(request);
    expect(job, JSON.stringify(job.error)).toMatchObject({ state: 'succeeded', title: plan.title });
    expect(job.hostId).toBe(plan.hostId);
    return job;
  }

  /** Expects that a request and its dry run are refused with this code, and that nothing changes. */
  async refused(request: ApiRequest, status: number, code: string): Promise<string> {
    const before = this.state();
    const { ok, refusals } = await this.plan(request);
    expect([ok, refusals.map((one) => one.code)]).toEqual([false, expect.arrayContaining([code])]);
    const answer = await this.send<{ code: string; detail: string }>(request);
    expect([answer.status, answer.body.code], answer.body.detail).toEqual([status, code]);
    expect(this.state()).toEqual(before);
    return answer.body.detail;
  }

  /** Everything on the simulated hosts that a command can change. */
  state(): unknown {
    const { engine } = this.fleet;
    return engine.hostIds.map((hostId) => ({
      hostId,
      // A guest may obtain its address at any time.
      vms: engine.vms(hostId).map(({ networkAdapters, ...vm }) => ({
        ...vm,
        networkAdapters: networkAdapters.map(({ addresses: _, ...adapter }) => adapter),
      })),
      files: engine
        .steps(hostId)
        .files.volumes()
        .map(({ root, files, folders }) => ({ root, files: [...files.values()], folders: [...folders] })),
    }));
  }

  /** Returns the row of a VM by its name, once the service shows it. */
  async vmNamed(name: string): Promise<Vm> {
    let found: VmSummary | undefined;
    await until(`${name} is listed`, async () => {
      const { body } = await this.send<{ items: VmSummary[] }>({ method: 'GET', path: '/vms?limit=500' });
      found = body.items.find((one) => one.name === name);
      return found !== undefined;
    });
    return (await this.send<Vm>({ method: 'GET', path: `/vms/${found?.id ?? ''}` })).body;
  }

  /** Waits until the service shows what a host has done to a VM. */
  async shown(name: string, condition: (vm: Vm) => boolean): Promise<Vm> {
    let row: Vm | undefined;
    await until(`the row of ${name} is up to date`, async () => {
      row = await this.vmNamed(name);
      return condition(row);
    });
    return row as Vm;
  }

  /** Returns the VM in the engine, with the host that has it. */
  inEngine(name: string): { readonly hostId: string; readonly vm: VmFacts } | undefined {
    const { engine } = this.fleet;
    for (const hostId of engine.hostIds) {
      const vm = engine.vms(hostId).find((one) => one.name === name);
      if (vm !== undefined) return { hostId, vm };
    }
    return undefined;
  }

  /** Returns the VM in the engine. @throws Error if there is none. */
  facts(name: string): VmFacts {
    const found = this.inEngine(name);
    if (found === undefined) throw new Error(`No host has ${name}.`);
    return found.vm;
  }

  /** Returns whether a file exists on a host. */
  hasFile(hostId: string, path: string): boolean {
    return this.fleet.engine.steps(hostId).files.find(path) !== undefined;
  }
}

function fastClock(): EngineClock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    schedule: (delayMs, action) => {
      const timer = setTimeout(action, Math.min(delayMs / speed, 2 ** 31 - 1)).unref();
      return () => clearTimeout(timer);
    },
  };
}
