import type { Plan, Problem, VmFacts } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const gibibyte = 1024 ** 3;
const url = `/api/v1/vms/${guid(1)}`;
const dynamic = {
  dynamic: true,
  startup: 4 * gibibyte,
  minimum: 2 * gibibyte,
  maximum: 8 * gibibyte,
  bufferPercent: 20,
};

let host: EquippedHost;
let service: TestApp;

beforeEach(async () => {
  const clock = new FakeClock();
  host = new EquippedHost('hv1', clock);
  host.host.vms.set(guid(1), vmFacts(guid(1), { name: 'VM-1', memory: dynamic }));
  service = await startTestApp({ hosts: [host.host], clock });
});

afterEach(() => service.app.close());

async function become(change: Partial<VmFacts>): Promise<void> {
  const { version } = service.store;
  host.host.setVm(vmFacts(guid(1), { name: 'VM-1', memory: dynamic, ...change }));
  await until(() => service.store.version !== version);
}

const tag = async (): Promise<string> => String((await service.get(url)).headers['etag']);
const edit = (body: object, ifMatch?: string) =>
  service.patch(url, body, ifMatch === undefined ? {} : { 'if-match': ifMatch });
const code = async (answer: ReturnType<typeof edit>): Promise<unknown[]> => {
  const response = await answer;
  return [response.statusCode, response.json<Problem>().code];
};

describe('the ETag of a VM', () => {
  test('the ETag of a VM is strong, and changes only with the editable settings', async () => {
    const before = await tag();
    expect(before).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
    await become({ state: 'Off', startedAt: null });
    expect(await tag()).toBe(before);
    await become({ notes: 'changed' });
    expect(await tag()).not.toBe(before);
    await become({});
    expect(await tag()).toBe(before);
  });

  test('never answers a GET of one VM with 304, because its ETag covers only the settings', async () => {
    const response = await service.get(url, { 'if-none-match': await tag() });
    expect([response.statusCode, response.headers['cache-control']]).toEqual([200, 'no-store']);
  });
});

describe('a change with If-Match', () => {
  test('a change with If-Match is sent with the settings that the caller has seen', async () => {
    const response = await edit({ notes: 'new' }, await tag());
    expect(response.statusCode, response.body).toBe(202);
    await until(() => host.asked('vm.update').length === 1);
    expect(host.asked('vm.update')[0]?.request).toEqual({
      vmId: guid(1),
      changes: { notes: 'new' },
      expected: {
        name: 'VM-1',
        processors: 2,
        memory: dynamic,
        secureBoot: null,
        bootOrder: null,
        automaticStartAction: 'StartIfRunning',
        automaticStartDelaySeconds: 0,
        automaticStopAction: 'Save',
        checkpointType: 'Production',
        notes: '',
      },
    });
  });

  test('refuses a change with If-Match, and its dry run, with 412 if the settings have changed', async () => {
    const seen = await tag();
    await become({ notes: 'of another caller' });
    expect(await code(edit({ notes: 'mine' }, seen))).toEqual([412, 'precondition-failed']);
    const plan = await service.patch(`${url}?dryRun=true`, { notes: 'mine' }, { 'if-match': seen });
    expect(plan.json<Plan>()).toMatchObject({ ok: false, refusals: [{ code: 'precondition-failed' }] });
    expect(host.asked('vm.update')).toEqual([]);
  });

  test('If-Match accepts a list of tags and *, but no weak tag', async () => {
    const seen = await tag();
    expect((await edit({ notes: 'a' }, `"other", ${seen}`)).statusCode).toBe(202);
    expect((await edit({ notes: 'b' }, '*')).statusCode).toBe(202);
    expect(await code(edit({ notes: 'c' }, `W/${seen}`))).toEqual([412, 'precondition-failed']);
    expect(await code(edit({ notes: 'd' }, 'unquoted'))).toEqual([422, 'validation-failed']);
  });

  test('a repeated change returns its job, although it has changed the settings itself', async () => {
    const headers = { 'if-match': await tag(), 'idempotency-key': 'k1' };
    const first = await service.patch(url, { notes: 'new' }, headers);
    await become({ notes: 'new' });
    const second = await service.patch(url, { notes: 'new' }, headers);
    expect([second.statusCode, second.json<{ job: { id: string } }>().job.id]).toEqual([
      202,
      first.json<{ job: { id: string } }>().job.id,
    ]);
  });
});

test('a key that was used for a change with If-Match is refused with another If-Match', async () => {
  const key = { 'idempotency-key': 'k1' };
  const change = (more: Record<string, string>) => service.patch(url, { notes: 'new' }, { ...key, ...more });
  expect((await change({ 'if-match': await tag() })).statusCode).toBe(202);
  for (const other of [{ 'if-match': '*' }, {}]) {
    const response = await change(other);
    expect([response.statusCode, response.json<Problem>().errors?.[0]?.field]).toEqual([
      422,
      'Idempotency-Key',
    ]);
  }
});

describe('a change of settings of a VM that runs', () => {
  test('refuses to change settings of a running VM that must be off, and names the settings', async () => {
    const response = await edit({ processors: 4, automaticStopAction: 'TurnOff', notes: 'x' });
    const { status, detail, state } = response.json<Problem>();
    expect([status, state]).toEqual([409, 'Running']);
    expect(detail).toContain('it must be off to change processors, automaticStopAction.');
  });

  test('accepts settings of a running VM that already have the requested value', async () => {
    expect((await edit({ processors: 2, notes: 'x' })).statusCode).toBe(202);
  });

  test('accepts memory limits that Hyper-V can change while the VM runs', async () => {
    expect((await edit({ memory: { ...dynamic, maximum: 16 * gibibyte } })).statusCode).toBe(202);
    expect((await edit({ memory: { ...dynamic, startup: 6 * gibibyte } })).statusCode).toBe(409);
  });

  test('refuses memory sizes that contradict each other with 422', async () => {
    const response = await edit({ memory: { ...dynamic, minimum: 6 * gibibyte } });
    const { status, errors } = response.json<Problem>();
    expect([status, errors?.map(({ field }) => field)]).toEqual([422, ['memory']]);
  });
});

test('changes of one VM are queued and run in turn', async () => {
  const disk = { sizeBytes: gibibyte, type: 'Dynamic' };
  for (let at = 0; at < 3; at += 1) {
    expect((await service.post(`${url}/disks`, { disk })).statusCode).toBe(202);
  }
  await until(() => host.asked('disk.create').length === 1);
  host.say(guid(1), { type: 'error', error: { code: 'conflict', message: 'No.', remedy: null } });
  await until(() => host.asked('disk.create').length === 2);
  // Power actions keep their rule: the second one is most likely a mistake.
  expect((await service.post(`${url}/shutdown`)).statusCode).toBe(202);
  expect(await code(service.post(`${url}/shutdown`))).toEqual([409, 'already-running']);
});
