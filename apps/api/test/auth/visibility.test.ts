import {
  commandNames,
  rowKinds,
  vmCommandNames,
  type CommandName,
  type JobAccepted,
  type RowKind,
  type VmCommandName,
} from '@aether-v/types';
import type { RouteOptions } from 'fastify';
import type { Response } from 'light-my-request';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sessionOf } from '../support/authentication.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { clusteredVm, clusterFacts, guid, vmFacts } from '../support/facts.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';
import { sendVmRequest } from '../support/vm-requests.ts';

/** The kinds whose rows are hidden from the principal. */
const hidden = vi.hoisted(() => new Set<string>());

vi.mock('../../src/auth/can-see.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../src/auth/can-see.ts')>();
  return {
    ...real,
    canSee: (...asked: Parameters<typeof real.canSee>) => !hidden.has(asked[1]) && real.canSee(...asked),
    seesAll: (...asked: Parameters<typeof real.seesAll>) => !hidden.has(asked[1]) && real.seesAll(...asked),
  };
});

const hostId = 'zq-host-7';
const clusterId = guid(0xc17);
const vmIds = [guid(0x7a1), guid(0x7a2)];
const [vmId = '', busyVmId = ''] = vmIds;
const unused = guid(0xdead);

const routes: RouteOptions[] = [];
let app: TestApp;
/** Texts that show a row of each kind: its ids and names. */
let marks: Record<RowKind, string[]>;
/** A row's id for each parameter of a route. */
let ids: Record<string, string>;

beforeAll(async () => {
  const clock = new FakeClock();
  const host = new JobHost(hostId, clock, 0);
  for (const id of vmIds) {
    host.host.vms.set(id, clusteredVm(id, hostId.toUpperCase(), { name: `zq-vm-${id}`, state: 'Off' }));
  }
  host.host.cluster = clusterFacts(clusterId, [hostId], 'ZQ-CLUSTER-7');
  app = await startTestApp({
    hosts: [host.host],
    clock,
    extend: (server) => void server.addHook('onRoute', (route) => void routes.push(route)),
  });
  await until(() => app.store.get('cluster', clusterId) !== undefined);
  const { job } = (await app.post(`/api/v1/vms/${busyVmId}/start`)).json<JobAccepted>();
  marks = {
    cluster: [clusterId, 'ZQ-CLUSTER-7'],
    host: [hostId],
    vm: [...vmIds, 'zq-vm-'],
    job: [job.id, job.title],
  };
  ids = { clusterId, hostId, vmId, jobId: job.id };
});

beforeEach(() => hidden.clear());

afterAll(() => app.app.close());

const usage = (): Parameters<TestApp['usage']['put']>[0] => {
  const sampledAt = '2026-01-01T00:00:00Z';
  return {
    vms: new Map(
      vmIds.map((id) => [id, { vmId: id, sampledAt, cpuPercent: 1, memoryAssigned: 1, memoryDemand: null }]),
    ),
    hosts: new Map([[hostId, { hostId, sampledAt, cpuPercent: 1, memoryAvailable: 1 }]]),
  };
};

/** Everything that a new event stream sends of the whole history, with samples of every row. */
async function readEvents(): Promise<string> {
  const streams = app.app.get(EventStreams);
  const stream = streams.open(`${app.store.epoch}.0`, sessionOf());
  stream.setInterest({ vmIds: new Set(vmIds), hostIds: new Set([hostId]) });
  app.usage.put(usage());
  let text = '';
  const reading = (async () => {
    for await (const chunk of stream.chunks()) text += chunk;
  })();
  for (let turn = 0; turn < 20; turn += 1) await settle();
  streams.close(stream);
  await reading;
  return text;
}

/** The address of a route about these rows. @throws Error for a parameter that the test does not know. */
function addressOf(route: RouteOptions, rowIds: Readonly<Record<string, string>>): string {
  return route.url.replace(/:(\w+)/g, (_, name: string) => {
    const id = rowIds[name];
    if (id === undefined) throw new Error(`Add an id for the parameter ${name} of ${route.url}.`);
    return id;
  });
}

/** Every route that reads, with what it answers. */
async function readAll(): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const route of routes) {
    const access = route.config?.access;
    if (![route.method].flat().includes('GET') || access === undefined) continue;
    const isStream = route.url === '/api/v1/events';
    answers.set(route.url, isStream ? await readEvents() : (await app.get(addressOf(route, ids))).body);
  }
  return answers;
}

async function routesThatShow(kind: RowKind): Promise<string[]> {
  const answers = await readAll();
  return [...answers].filter(([, body]) => shows(body, kind)).map(([url]) => url);
}

/** Whether an answer names a row of this kind. A problem names its own address, which the caller knows. */
function shows(body: string, kind: RowKind): boolean {
  const own = body.includes('"status":404') ? Object.values(ids) : [];
  const text = body.toLowerCase();
  return marks[kind].some((mark) => text.includes(mark.toLowerCase()) && !own.includes(mark));
}

/**
 * Routes whose numbers are not counts of rows that the principal may not see: the product, its licences, versions in
 * streams, and the sizes of the whole service for those who may read its diagnostics.
 */
const notAboutRows: ReadonlySet<string> = new Set([
  '/api/v1/about',
  '/api/v1/oss-licenses',
  '/api/v1/diagnostics',
  '/api/v1/events',
]);

/** Whether a value contains a number other than zero. */
function hasCount(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasCount);
  return typeof value === 'number' && value !== 0;
}

describe('a reading route', () => {
  test.each([
    ['cluster', ['/api/v1/inventory', '/api/v1/clusters', '/api/v1/clusters/:clusterId', '/api/v1/events']],
    ['host', ['/api/v1/inventory', '/api/v1/hosts', '/api/v1/hosts/:hostId', '/api/v1/events']],
    ['vm', ['/api/v1/vms', '/api/v1/vms/:vmId', '/api/v1/vms/:vmId/usage', '/api/v1/events']],
    ['job', ['/api/v1/jobs', '/api/v1/jobs/:jobId', '/api/v1/events']],
  ] as const)('shows a %s to a principal that sees it', async (kind, expected) => {
    app.usage.put(usage());
    expect(await routesThatShow(kind)).toEqual(expect.arrayContaining([...expected]));
  });

  test.each(rowKinds)('shows no id or name of a %s to a principal that sees nothing', async (kind) => {
    for (const one of rowKinds) hidden.add(one);
    expect(await routesThatShow(kind)).toEqual([]);
  });

  test('shows no count to a principal that sees nothing', async () => {
    for (const one of rowKinds) hidden.add(one);
    const counts = [...(await readAll())].filter(([url, body]) => {
      if (!url.startsWith('/api/') || notAboutRows.has(url) || body.includes('urn:aether-v:problem:'))
        return false;
      return hasCount(JSON.parse(body));
    });
    expect(counts).toEqual([]);
  });

  test('counts no VM to a principal that sees hosts and clusters only', async () => {
    hidden.add('vm');
    const { hosts, clusters, totals } = (await app.get('/api/v1/inventory')).json<Record<string, unknown>>();
    const none = { vmCount: 0, runningVmCount: 0, staleVmCount: 0 };
    expect({ hosts, clusters }).toMatchObject({ hosts: [none], clusters: [none] });
    expect(totals).toEqual({ vms: 0, byState: {}, lastKnown: { vms: 0, byState: {} } });
    expect((await app.get(`/api/v1/hosts/${hostId}`)).json()).toMatchObject(none);
    expect(await readEvents()).not.toMatch(/"vmCount":[1-9]/);
  });
});

const commandOf = ({ config }: RouteOptions): CommandName | undefined =>
  config?.access !== undefined && 'command' in config.access ? config.access.command : undefined;

const isVmCommand = (name: CommandName): name is VmCommandName =>
  (vmCommandNames as readonly string[]).includes(name);

describe('a route about a row', () => {
  const about = (): RouteOptions[] =>
    routes.filter(({ url, method }) => /:(cluster|host|vm|job)Id/.test(url) && method !== 'HEAD');

  const ask = (
    route: RouteOptions,
    rowIds: Readonly<Record<string, string>>,
    key?: string,
  ): Promise<Response> => {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const command = commandOf(route);
    if (command !== undefined && isVmCommand(command)) {
      return sendVmRequest(app, rowIds['vmId'] ?? '', command, headers);
    }
    const url = addressOf(route, rowIds);
    return route.method === 'GET' ? app.get(url) : app.post(url, {}, headers);
  };

  /** Whether two problems differ only in their instance and the id that was asked for. */
  const isSame = (...problems: string[]): boolean => {
    const texts = problems.map((problem) =>
      [...Object.values(ids), unused]
        .reduce((text, id) => text.replaceAll(id, 'ID'), problem)
        .replace(/"urn:uuid:[^"]*"/, '"INSTANCE"'),
    );
    return new Set(texts).size === 1;
  };

  test('is every command and some reads', () => {
    const commands = about().flatMap((route) => commandOf(route) ?? []);
    // Creations are about no row.
    expect(commands.toSorted()).toEqual(commandNames.filter((name) => name !== 'vm.create').toSorted());
    expect(about().length).toBeGreaterThan(commands.length);
  });

  test.each([
    ['without a key', undefined],
    ['with an idempotency key', 'order-1'],
  ])('gives the same response for an invisible object as for an unknown id, %s', async (_what, key) => {
    for (const one of rowKinds) hidden.add(one);
    const differences: unknown[] = [];
    for (const route of about()) {
      const unknown = Object.fromEntries(Object.keys(ids).map((name) => [name, unused]));
      const [invisible, missing] = [await ask(route, ids, key), await ask(route, unknown, key)];
      if (invisible.statusCode === 404 && isSame(invisible.body, missing.body)) continue;
      differences.push([route.method, route.url, invisible.body, missing.body]);
    }
    expect(differences).toEqual([]);
  });

  test('names no host to a principal that sees nothing, if one that may have run the request is unreachable', async () => {
    const clock = new FakeClock();
    const read = new JobHost(hostId, clock, 0);
    read.host.vms.set(vmId, vmFacts(vmId, { state: 'Off' }));
    const unreachable = new JobHost('zq-host-8', clock, 0);
    unreachable.host.fault = 'refuse';
    const other = await startTestApp({ hosts: [read.host, unreachable.host], clock });
    await until(() =>
      [...other.store.rows('host').values()].some((row) => row.connection.state === 'unreachable'),
    );
    for (const one of rowKinds) hidden.add(one);
    const start = (id: string): Promise<Response> =>
      other.post(`/api/v1/vms/${id}/start`, {}, { 'idempotency-key': 'order-1' });
    const [invisible, missing] = [await start(vmId), await start(unused)];
    expect([invisible.statusCode, missing.statusCode]).toEqual([503, 503]);
    expect(isSame(invisible.body, missing.body)).toBe(true);
    expect(invisible.body).not.toContain('zq-host');
    await other.app.close();
  });
});
