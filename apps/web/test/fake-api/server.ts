import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import {
  summaryOfVm,
  vmActionNames,
  type CommandName,
  type ErrorCode,
  type Job,
  type Me,
  type Plan,
  type Rows,
  type RowKind,
  type Vm,
} from '@aether-v/types';
import { changeOf, planOf, type ChangeRequest } from './changes.ts';
import { FakeFleet, type Change } from './fleet.ts';
import { answerJobRequest } from './job-requests.ts';
import { makeMe, noOne } from './me.ts';
import { resources } from './resources.ts';
import { listJobs, listVms } from './list.ts';

/** The console as the tests build it: not in dist/, which a running service may be serving. */
export const builtConsole = join(import.meta.dirname, '../../../../node_modules/.cache/aether-v/console');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The service's REST API, events and static files over a fleet in memory: what tests of the console run against. */
export class FakeApi {
  readonly fleet: FakeFleet;
  /** The caller. While it is no one, the API refuses every request. */
  me: Me = makeMe();
  /** The caller after a sign-in with the password `s3cret`. */
  afterSignIn: Me = makeMe();
  /** Every request so far, as `METHOD path?query`. */
  readonly requests: string[] = [];
  /** Every check or change of a VM so far. */
  readonly changes: ChangeRequest[] = [];
  /** Parts of the plans of a command. */
  readonly plans = new Map<CommandName, Partial<Plan>>();
  #server: Server | null = null;
  readonly #jobOfKey = new Map<string, Job>();
  readonly #bulkOfKey = new Map<string, ReturnType<typeof answerJobRequest>>();
  readonly #streams = new Map<string, { response: ServerResponse; vmIds: string[]; hostIds: string[] }>();
  #nextStream = 1;
  #usage: ReturnType<typeof setInterval> | undefined;
  #port = 0;

  constructor(vmCount = 61) {
    this.fleet = new FakeFleet(vmCount);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; a second time on the port it had, as a service that was restarted does. */
  async start(port = this.#port): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    this.#usage = setInterval(() => this.#sample(), 500);
  }

  async stop(): Promise<void> {
    clearInterval(this.#usage);
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    this.#streams.clear();
  }

  /** Cuts every stream, as a network does. */
  cutStreams(): void {
    for (const { response } of this.#streams.values()) response.destroy();
    this.#streams.clear();
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (url.pathname.startsWith('/auth/') && url.pathname !== '/auth/renewed') {
      await this.#auth(url.pathname, request, response);
      return;
    }
    if (url.pathname.startsWith('/api/v1/') && this.me.principal === null) {
      this.#problem(response, 401, 'unauthenticated', 'The request contains no credentials.');
      return;
    }
    if (!url.pathname.startsWith('/api/v1/')) {
      await this.#file(url.pathname, response);
      return;
    }
    const parts = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
    if (request.method === 'GET') this.#get(parts, url.searchParams, response);
    else await this.#send(parts, url.searchParams, request, response);
  }

  async #auth(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { password } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { password?: string };
    if (path === '/auth/me') this.#json(response, 200, this.me);
    else if (path === '/auth/password' && password === 's3cret') {
      this.me = this.afterSignIn;
      response.writeHead(204).end();
    } else if (path === '/auth/password') {
      this.#problem(response, 401, 'unauthenticated', 'The name or the password is wrong.');
    } else if (path === '/auth/logout') {
      this.signOut('signed-out');
      this.#json(response, 200, { next: null });
    } else this.#problem(response, 404, 'not-found', 'There is nothing here.');
  }

  /** Ends the session and its streams, as the service does. */
  signOut(reason: Me['ended']): void {
    this.me = makeMe({ ...noOne, ended: reason });
    this.cutStreams();
  }

  #get([what, id, part]: string[], query: URLSearchParams, response: ServerResponse): void {
    const { fleet } = this;
    if (what === 'events') this.#stream(query.get('from'), response);
    else if (what === 'inventory') this.#json(response, 200, this.#inventory());
    else if (what === 'vms' && id && part === 'checkpoints') this.#sizes(response, fleet.vms.get(id));
    else if (what === 'vms' && id) this.#one(response, 'vm', fleet.vms.get(id));
    else if (what === 'jobs' && id && part === 'log') this.#log(response, fleet.jobs.get(id), query);
    else if (what === 'jobs' && id) this.#one(response, 'job', fleet.jobs.get(id));
    else if (what === 'hosts' && part === 'resources') this.#json(response, 200, resources);
    else if (what === 'hosts' && id) this.#one(response, 'host', fleet.hosts.get(id));
    else if (what === 'vms') this.#page(response, listVms(fleet.vms.values(), query).map(summaryOfVm), query);
    else if (what === 'jobs') this.#page(response, listJobs(fleet.jobs.values(), query), query);
    else this.#problem(response, 404, 'not-found', 'There is nothing here.');
  }

  async #send(
    [what, id, action, ...more]: string[],
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
      vmIds?: string[];
      hostIds?: string[];
    };
    const stream = this.#streams.get(id ?? '');
    const name = vmActionNames.find((candidate) => candidate === action);
    const vm = this.fleet.vms.get(id ?? '');
    const job = this.fleet.jobs.get(id ?? '');
    const host = this.fleet.hosts.get(id ?? '');
    const method = request.method ?? '';
    const key = request.headers['idempotency-key']?.toString();
    const isDryRun = query.get('dryRun') === 'true';
    const known = key === undefined ? undefined : this.#bulkOfKey.get(key);
    const answer =
      known ?? answerJobRequest(this.fleet, [what ?? '', id ?? '', action ?? ''], body, isDryRun);
    if (key !== undefined && answer) this.#bulkOfKey.set(key, answer);
    if (answer) this.#json(response, answer.status, answer.body);
    else if (what === 'events' && stream) {
      Object.assign(stream, body);
      this.#sample();
      response.writeHead(204).end();
    } else if (what === 'vms' && vm && name) {
      const accepted = this.fleet.act(vm, name);
      if (accepted) this.#json(response, 202, { job: accepted });
      else this.#problem(response, 409, 'wrong-state', `${vm.name} is ${vm.state}.`);
    } else if (what === 'vms' && vm) {
      const parts = [action, ...more].filter((part) => part !== undefined);
      this.#change(vm, { method, parts, query, body: { ...body }, key }, response);
    } else if (what === 'vms' && id === undefined) {
      this.#create({ method, parts: [], query, body: { ...body }, key }, response);
    } else if (what === 'hosts' && host && action === 'test') {
      this.#json(response, 202, { job: this.fleet.testHost(host) });
    } else if (what === 'jobs' && job && action === 'cancel') {
      this.fleet.cancel(job);
      this.#json(response, 202, { job });
    } else this.#problem(response, 404, 'not-found', 'There is nothing here.');
  }

  /** Checks or accepts a change of a VM. */
  #change(vm: Vm, request: ChangeRequest, response: ServerResponse): void {
    const change = changeOf(request);
    if (!change) {
      this.#problem(response, 404, 'not-found', 'There is nothing here.');
      return;
    }
    this.changes.push(request);
    const plan = planOf(vm, change.command, this.plans.get(change.command));
    if (request.query.get('dryRun') === 'true') this.#json(response, 200, plan);
    else this.#accept(response, request, () => this.fleet.change(vm, change));
  }

  /** Answers with the job of a request; a repeated key returns the job of the first request. */
  #accept(response: ServerResponse, { key }: ChangeRequest, begin: () => Job): void {
    const job = (key === undefined ? undefined : this.#jobOfKey.get(key)) ?? begin();
    if (key !== undefined) this.#jobOfKey.set(key, job);
    this.#json(response, 202, { job });
  }

  /** Checks or accepts the creation of a VM; the first host has it. */
  #create(request: ChangeRequest, response: ServerResponse): void {
    this.changes.push(request);
    const [host] = this.fleet.hosts.values();
    const [like] = this.fleet.vms.values();
    const { name } = request.body;
    if (!host || !like || typeof name !== 'string') throw new Error('There is nothing to create a VM from.');
    if (request.query.get('dryRun') !== 'true') {
      this.#accept(response, request, () => this.fleet.create(host, { ...like, name }));
      return;
    }
    const reasons = ['It has the most free memory (180 GB) of the 6 hosts in the fleet.'];
    const chosen = { hostId: host.id, hostName: host.name };
    const other = { hostId: 'hv-02', hostName: 'HV-02', fits: false, reasons: ['It has no image "ws2025".'] };
    const candidates = [{ ...chosen, fits: true, reasons }, other];
    const placement = { ...chosen, storageClass: 'big', reasons, candidates };
    this.#json(response, 200, planOf(like, 'vm.create', { placement, ...this.plans.get('vm.create') }));
  }

  #inventory(): object {
    const vms = [...this.fleet.vms.values()];
    const totalsOf = (rows: typeof vms): { vms: number; byState: Record<string, number> } => {
      const byState: Record<string, number> = {};
      for (const { state } of rows) byState[state] = (byState[state] ?? 0) + 1;
      return { vms: rows.length, byState };
    };
    const lastKnown = totalsOf(vms.filter(({ stale }) => stale !== null));
    return {
      version: this.fleet.version,
      environmentName: 'Demo fleet (simulated)',
      clusters: [...this.fleet.clusters.values()],
      hosts: [...this.fleet.hosts.values()],
      totals: { ...totalsOf(vms.filter(({ stale }) => stale === null)), lastKnown },
    };
  }

  #page(response: ServerResponse, all: readonly unknown[], query: URLSearchParams): void {
    const offset = Number(query.get('offset') ?? 0);
    const items = all.slice(offset, offset + Number(query.get('limit') ?? 100));
    this.#json(response, 200, { items, total: all.length, version: this.fleet.version, nextCursor: null });
  }

  /** Logs of this fleet are so short that their rows have all lines. */
  #log(response: ServerResponse, job: Job | undefined, query: URLSearchParams): void {
    const offset = Number(query.get('offset') ?? 0);
    const log = job?.log ?? [];
    this.#json(response, 200, { items: log.slice(offset), offset, total: log.length });
  }

  #sizes(response: ServerResponse, vm: Vm | undefined): void {
    const items = (vm?.checkpoints ?? []).map((one, n) => ({ ...one, size: (n + 1) * 1024 ** 3 }));
    this.#json(response, 200, { items });
  }

  #one(response: ServerResponse, kind: RowKind, row: Rows[RowKind] | Vm | undefined): void {
    if (!row) this.#problem(response, 404, 'not-found', `There is no such ${kind}.`);
    else {
      const etag = kind === 'vm' ? { etag: `"${this.fleet.version}"` } : {};
      this.#json(response, 200, row, { 'fleet-version': this.fleet.version, ...etag });
    }
  }

  #json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  #problem(response: ServerResponse, status: number, code: ErrorCode, detail: string): void {
    this.#json(response, status, { type: `urn:aether-v:${code}`, title: code, status, detail, code });
  }

  #stream(from: string | null, response: ServerResponse): void {
    const id = `s${this.#nextStream++}`;
    const { fleet } = this;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const write = (event: string, data: unknown, version?: string): void => {
      response.write(
        `${version ? `id: ${version}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
      );
    };
    const change = (c: Change): void => write(c.event, c.data, `${fleet.epoch}.${c.seq}`);
    write('hello', { streamId: id, version: fleet.version, now: new Date().toISOString() });
    const [epoch, seq] = from?.split('.') ?? [fleet.epoch, String(fleet.seq)];
    if (epoch !== fleet.epoch) write('reset', { version: fleet.version, reason: 'epoch' }, fleet.version);
    else for (const c of fleet.changes) if (c.seq > Number(seq)) change(c);
    const unsubscribe = fleet.subscribe(change);
    response.on('close', () => {
      unsubscribe();
      this.#streams.delete(id);
    });
    this.#streams.set(id, { response, vmIds: [], hostIds: [] });
  }

  #sample(): void {
    const sampledAt = new Date().toISOString();
    for (const { response, vmIds, hostIds } of this.#streams.values()) {
      const wave = (id: string, n: number): number =>
        Math.round(30 + 25 * Math.sin(Date.now() / 4000 + n) + (id.charCodeAt(id.length - 1) % 20));
      const vms = vmIds
        .filter((id) => this.fleet.vms.get(id)?.state === 'Running')
        .map((vmId, n) => {
          const assigned = this.fleet.vms.get(vmId)?.memory.startup ?? 0;
          return {
            vmId,
            sampledAt,
            cpuPercent: wave(vmId, n),
            memoryAssigned: assigned,
            memoryDemand: Math.round(assigned * 0.7),
          };
        });
      const hosts = hostIds.map((hostId, n) => ({
        hostId,
        sampledAt,
        cpuPercent: wave(hostId, n),
        memoryAvailable: 180 * 1024 ** 3,
      }));
      if (vms.length + hosts.length > 0)
        response.write(`event: usage\ndata: ${JSON.stringify({ vms, hosts })}\n\n`);
    }
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const name = extname(path) === '' ? 'index.html' : path;
    try {
      const content = await readFile(join(builtConsole, name));
      const type = types[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}
