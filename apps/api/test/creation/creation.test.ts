import type { Job, JobAccepted, Plan, Problem } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { guid, hostFacts, hostResources, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const gibibyte = 1024 ** 3;
const nodes = ['hv1', 'hv2', 'hv3'];

let clock: FakeClock;
let hosts: EquippedHost[];
let alone: EquippedHost;
let service: TestApp;

/** Gives a host a VM that runs with this memory. */
function occupy(host: EquippedHost, at: number, memoryGb: number): void {
  const memory = {
    dynamic: false,
    startup: memoryGb * gibibyte,
    minimum: null,
    maximum: null,
    bufferPercent: null,
  };
  host.host.vms.set(guid(at), vmFacts(guid(at), { memory }));
}

beforeEach(async () => {
  clock = new FakeClock();
  hosts = nodes.map((name) => new EquippedHost(name, clock, nodes));
  alone = new EquippedHost('alone', clock);
  for (const [index, host] of hosts.entries()) occupy(host, index + 1, 400 - index * 100);
  occupy(alone, 9, 450);
  service = await startTestApp({ hosts: [...hosts, alone].map(({ host }) => host), clock });
});

afterEach(() => service.app.close());

const create = (body: object, headers: Record<string, string> = {}, path = '/api/v1/vms') =>
  service.post(path, { name: 'APP-07', ...body }, headers);

async function accepted(body: object, headers: Record<string, string> = {}): Promise<Job> {
  const response = await create(body, headers);
  expect(response.statusCode, response.body).toBe(202);
  const { job } = response.json<JobAccepted>();
  expect(response.headers['location']).toBe(`/api/v1/jobs/${job.id}`);
  return job;
}

async function planned(body: object): Promise<Plan> {
  const response = await create(body, {}, '/api/v1/vms?dryRun=true');
  expect(response.statusCode, response.body).toBe(200);
  return response.json<Plan>();
}

async function refused(body: object): Promise<Problem> {
  const response = await create(body);
  expect(response.statusCode, response.body).toBeGreaterThanOrEqual(400);
  return response.json<Problem>();
}

const sent = (host: EquippedHost): unknown[] => host.asked('vm.create').map(({ request }) => request);

describe('a creation that names its host', () => {
  test.each(['hv2', 'HV2', 'hv2.example.org'])(
    'creates a VM on the named host (%s), with defaults for omitted settings',
    async (host) => {
      const job = await accepted({ host });
      expect(job).toMatchObject({
        command: 'vm.create',
        title: 'Create APP-07 on HV2',
        subject: { kind: 'host', id: 'hv2', name: 'HV2' },
        hostId: 'hv2',
      });
      await until(() => sent(hosts[1] as EquippedHost).length === 1);
      expect(sent(hosts[1] as EquippedHost)[0]).toEqual({
        name: 'APP-07',
        generation: 2,
        processors: 2,
        memory: { dynamic: false, startup: 2 * gibibyte },
        secureBoot: 'MicrosoftWindows',
        bootOrder: ['disk', 'dvd', 'network'],
        storageClass: 'CSV01',
        disks: [],
        networkAdapters: [],
        dvd: null,
        automaticStartAction: 'StartIfRunning',
        automaticStartDelaySeconds: 0,
        automaticStopAction: 'Save',
        checkpointType: 'Production',
        notes: '',
        clustered: true,
        start: false,
      });
    },
  );

  test('a new VM is not clustered on a local storage class or a stand-alone host', async () => {
    await accepted({ host: 'hv2', storageClass: 'Local' });
    await accepted({ host: 'alone' });
    await until(() => sent(alone).length === 1 && sent(hosts[1] as EquippedHost).length === 1);
    expect(sent(hosts[1] as EquippedHost)[0]).toMatchObject({ storageClass: 'Local', clustered: false });
    expect(sent(alone)[0]).toMatchObject({ storageClass: 'Local', clustered: false });
  });

  test('accepts a named host without enough free memory, and a paused node', async () => {
    hosts[0]?.host.tell({
      kind: 'host',
      host: hostFacts('hv1', { clusterId: guid(100), nodeState: 'Paused' }),
    });
    await until(() => service.store.get('host', 'hv1')?.facts?.nodeState === 'Paused');
    await accepted({ host: 'hv1', memory: { dynamic: false, startup: 500 * gibibyte } });
  });

  test.each([
    ['an unknown host', { host: 'hv9' }, 'host', 'HV1, HV2, HV3'],
    ['an unknown cluster', { cluster: 'CL9' }, 'cluster', 'CL01'],
    ['a host outside the named cluster', { host: 'alone', cluster: 'cl01' }, 'host', 'HV1, HV2, HV3'],
    [
      'memory sizes that contradict each other',
      {
        memory: {
          dynamic: true,
          startup: gibibyte,
          minimum: 2 * gibibyte,
          maximum: 4 * gibibyte,
          bufferPercent: 20,
        },
      },
      'memory',
      'minimum',
    ],
  ])('refuses %s with 422 and names the field', async (_what, body, field, text) => {
    const { status, errors = [] } = await refused(body);
    expect([status, errors.map((error) => error.field)]).toEqual([422, [field]]);
    expect(errors[0]?.message).toContain(text);
  });

  test('refuses a creation with everything that the named host lacks', async () => {
    const { code, refusals = [] } = await refused({
      host: 'alone',
      networkAdapters: [{ network: 'dmz', macAddress: null }],
      disks: [{ image: 'beos', sizeBytes: null }],
      dvd: { iso: 'beos.iso' },
    });
    expect(code).toBe('no-suitable-host');
    expect(refusals.map(({ message }) => message)).toEqual([
      'ALONE: It has no network "dmz".',
      'ALONE: It has no image "beos".',
      'ALONE: It has no ISO "beos.iso".',
    ]);
    expect(sent(alone)).toEqual([]);
  });

  test('refuses a creation with 503 while the named host is unreachable', async () => {
    alone.host.fault = 'refuse';
    alone.host.cut();
    await until(() => service.store.get('host', 'alone')?.connection.state !== 'connected');
    const { status, code } = await refused({ host: 'alone' });
    expect([status, code]).toEqual([503, 'host-unavailable']);
  });
});

describe('a creation without a host', () => {
  test('chooses the host with the most free memory, and the plan gives the reasons', async () => {
    const { ok, hostId, title, placement } = await planned({
      networkAdapters: [{ network: 'servers', macAddress: null }],
    });
    expect([ok, hostId, title]).toEqual([true, 'hv3', 'Create APP-07 on HV3']);
    expect(placement?.reasons).toEqual([
      'It has the most free memory (286 GB) of the 4 hosts in the fleet that have "servers".',
      'Storage class "CSV01" (a shared volume, 900 GB free), the suitable one with the most free space. The VM becomes a clustered role.',
    ]);
    expect(placement?.candidates.map(({ hostId: id, fits }) => [id, fits])).toEqual([
      ['hv3', true],
      ['hv2', true],
      ['hv1', true],
      ['alone', true],
    ]);
    expect(placement?.candidates[1]?.reasons).toEqual(['It has less free memory (186 GB).']);
    expect((await accepted({})).hostId).toBe('hv3');
  });

  test('chooses no host that lacks something or is paused, and says why', async () => {
    hosts[2]?.host.tell({
      kind: 'host',
      host: hostFacts('hv3', { clusterId: guid(100), nodeState: 'Paused' }),
    });
    await until(() => service.store.get('host', 'hv3')?.facts?.nodeState === 'Paused');
    if (hosts[1]) hosts[1].resources = hostResources({ networks: [] });
    const { hostId, placement } = await planned({
      cluster: 'CL01',
      networkAdapters: [{ network: 'servers', macAddress: null }],
    });
    expect(hostId).toBe('hv1');
    expect(placement?.candidates.map(({ hostName, reasons }) => [hostName, reasons[0]])).toEqual([
      ['HV1', 'It is the only host in CL01 that fits; it has 86 GB of free memory.'],
      ['HV3', 'The node is paused.'],
      ['HV2', 'It has no network "servers".'],
    ]);
  });

  test('placement counts creations in progress, so that several do not all choose the same host', async () => {
    const body = { memory: { dynamic: false, startup: 80 * gibibyte } };
    const jobs = await Promise.all([0, 1, 2, 3, 4].map((at) => accepted({ ...body, name: `APP-${at}` })));
    expect(jobs.map(({ hostId }) => hostId).toSorted()).toEqual(['hv2', 'hv2', 'hv3', 'hv3', 'hv3']);
    expect((await accepted({ ...body, name: 'APP-5' })).hostId).toBe('hv1');
    expect((await refused({ ...body, name: 'APP-6' })).code).toBe('no-suitable-host');
  });

  test('placement counts the space that creations in progress will take of a shared volume', async () => {
    const disks = [{ sizeBytes: 500 * gibibyte, type: 'Fixed' }];
    await accepted({ cluster: 'CL01', disks });
    const { code, detail } = await refused({ cluster: 'CL01', disks });
    expect(code).toBe('no-suitable-host');
    expect(detail).toContain('Its storage classes have at most 400 GB free; 500 GB are needed.');
  });

  test('reads the space again after a creation has ended, and no longer counts the creation', async () => {
    const disks = [{ sizeBytes: 500 * gibibyte, type: 'Fixed' }];
    const { id, hostId } = await accepted({ cluster: 'CL01', disks });
    const host = hosts.find((one) => one.host.hostId === hostId) as EquippedHost;
    await until(() => host.running.has(''));
    const before = host.asked('host.resources').length;
    host.say('', { type: 'error', error: { code: 'conflict', message: 'No.', remedy: null } });
    await until(() => service.store.get('job', id)?.state === 'failed');
    expect((await accepted({ cluster: 'CL01', disks })).hostId).toBe(hostId);
    expect(host.asked('host.resources').length).toBe(before + 1);
  });

  test('no longer counts a creation with an unknown outcome when its host was reachable for a minute', async () => {
    const disks = [{ sizeBytes: 500 * gibibyte, type: 'Fixed' }];
    const { id, hostId } = await accepted({ cluster: 'CL01', disks });
    const host = hosts.find((one) => one.host.hostId === hostId) as EquippedHost;
    await until(() => host.running.has(''));
    const { respond } = host.host;
    const unreadable = { code: 'agent-error', message: 'The journal is locked.', remedy: null };
    host.host.respond = (envelope) =>
      envelope.op === 'operation.status' ? [{ type: 'error', error: unreadable }] : respond(envelope);
    host.host.cut();
    await until(() => service.store.get('job', id)?.state === 'unknown');
    await clock.advance(20_000);
    expect(service.store.get('host', host.host.hostId)?.connection.state).toBe('connected');
    expect((await refused({ cluster: 'CL01', disks })).code).toBe('no-suitable-host');
    await clock.advance(180_000);
    expect(service.store.get('job', id)?.state).toBe('unknown');
    await accepted({ cluster: 'CL01', disks });
  });

  test('refuses a creation that no host can take, with the reasons for each host', async () => {
    const { code, refusals = [] } = await refused({ processors: 65 });
    expect([code, refusals.length]).toEqual(['no-suitable-host', 5]);
    expect(refusals[4]?.message).toMatch(/: It has 64 logical processors; 65 are needed\.$/);
    const plan = await planned({ processors: 65 });
    expect(plan).toMatchObject({ ok: false, hostId: null, placement: null });
    expect(plan.refusals).toEqual(refusals);
  });

  test('several plans in a row read each host once', async () => {
    for (let time = 0; time < 3; time += 1) await planned({});
    expect(hosts.map((host) => host.asked('host.resources').length)).toEqual([1, 1, 1]);
  });
});

describe('a creation that is repeated with its key', () => {
  test('a repeated creation returns its job, although another host would be chosen now', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const body = { memory: { dynamic: false, startup: 200 * gibibyte } };
    const { id, hostId } = await accepted(body, headers);
    expect(hostId).toBe('hv3');
    expect((await planned(body)).hostId).not.toBe('hv3');
    expect((await accepted(body, headers)).id).toBe(id);
    expect((await create({ ...body, notes: 'x' }, headers)).statusCode).toBe(422);
  });
});

describe('a creation from before a restart of the service', () => {
  const environment = { SERVICE_KEY: 'a key of the service that is long enough' };
  const headers = { 'idempotency-key': 'order-0001' };

  /** Restarts the service after the host of the creation has journalled it. */
  async function restarted(body: object): Promise<Job> {
    await service.app.close();
    const all = [...hosts, alone].map(({ host }) => host);
    service = await startTestApp({ hosts: all, clock, environment });
    const job = await accepted(body, headers);
    const host = hosts.find(({ host: { hostId } }) => hostId === job.hostId) ?? alone;
    await until(() => host.asked('vm.create').length === 1);
    const [envelope] = host.asked('vm.create');
    if (envelope === undefined) throw new Error('Nothing was created.');
    const { id, op, actor, note, idempotencyKey = '', fingerprint = '' } = envelope;
    const at = new Date(clock.now()).toISOString();
    host.journal.set(id, {
      ...{ operationId: id, op, actor, vmId: null, startedAt: at, finishedAt: at, state: 'failed' },
      ...{ percent: 50, message: null, idempotencyKey, fingerprint },
      ...(note === undefined ? {} : { note }),
      error: { code: 'out-of-space', message: 'The volume is full.', remedy: null },
    });
    await service.app.close();
    service = await startTestApp({ hosts: all, clock, environment });
    return job;
  }

  test('a restored creation has the same title, with the name of the VM', async () => {
    const { id, title } = await restarted({ host: 'alone' });
    await until(() => service.store.get('job', id) !== undefined);
    expect(title).toBe('Create APP-07 on ALONE');
    expect(service.store.get('job', id)).toMatchObject({ title, state: 'failed', hostId: 'alone' });
  });

  test('a creation repeated after a restart returns its job, although another host would be chosen now', async () => {
    const { id, hostId } = await restarted({});
    expect(hostId).toBe('hv3');
    occupy(hosts[2] as EquippedHost, 20, 300);
    hosts[2]?.host.setVm(hosts[2].host.vms.get(guid(20)) ?? vmFacts(guid(20)));
    await until(() => service.store.get('vm', guid(20)) !== undefined);
    expect((await planned({})).hostId).not.toBe('hv3');
    expect((await accepted({}, headers)).id).toBe(id);
    expect((await create({ notes: 'x' }, headers)).statusCode).toBe(422);
  });
});

test('a dry run of a creation reports what the host refuses, and creates no job', async () => {
  const refusal = {
    code: 'conflict',
    message: 'This host already has a VM named "APP-07".',
    remedy: null,
  } as const;
  for (const host of hosts) host.refusals = [refusal];
  expect(await planned({})).toMatchObject({ ok: false, hostId: 'hv3', refusals: [refusal] });
  expect([...service.store.rows('job').values()]).toEqual([]);
  expect(service.audit.entries).toEqual([]);
});

test('POST /vms/create creates a VM', async () => {
  expect((await create({ host: 'hv1' }, {}, '/api/v1/vms/create')).statusCode).toBe(202);
});

test('each request for the resources of a host reads the host', async () => {
  const read = await service.get('/api/v1/hosts/alone/resources');
  expect([read.statusCode, read.json()]).toEqual([200, hostResources()]);
  alone.resources = hostResources({ isos: [] });
  expect((await service.get('/api/v1/hosts/alone/resources')).json()).toMatchObject({ isos: [] });
  expect((await service.get('/api/v1/hosts/unknown/resources')).statusCode).toBe(404);
});
