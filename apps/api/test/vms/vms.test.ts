import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Vm, VmFieldsList, VmList } from '@aether-v/types';
import { Check } from 'typebox/value';
import { vmFacts, guid } from '../support/facts.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const clock = new FakeClock();
let host: FakeHost;
let service: TestApp;

beforeEach(async () => {
  host = new FakeHost('hv01', clock);
  const vms = [
    vmFacts(guid(1), { name: 'web2', startedAt: '2025-06-03T00:00:00Z' }),
    vmFacts(guid(2), { name: 'web10', state: 'Off', startedAt: null }),
    vmFacts(guid(3), { name: 'Ärger', notes: 'the Finance database', processors: 8 }),
    vmFacts(guid(4), { name: 'db1', state: 'Paused', startedAt: '2025-06-01T00:00:00Z', processors: 4 }),
  ];
  for (const vm of vms) host.vms.set(vm.vmId, vm);
  service = await startTestApp({ hosts: [host], clock });
});

afterEach(async () => {
  await service.app.close();
});

async function list(query: string): Promise<VmList> {
  const response = await service.get(`/api/v1/vms${query}`);
  expect(response.statusCode, response.body).toBe(200);
  const body: unknown = response.json();
  if (!Check(VmList, body)) throw new Error(`Not a VmList: ${response.body}`);
  return body;
}

const names = (page: VmList): string[] => page.items.map((vm) => vm.name);

describe('GET /vms', () => {
  test('returns every VM in natural order of names', async () => {
    const page = await list('');
    expect(names(page)).toEqual(['Ärger', 'db1', 'web2', 'web10']);
    expect(page).toMatchObject({ total: 4, version: service.store.version, nextCursor: null });
  });

  test.each([
    ['?state=Off', ['web10']],
    ['?state=Off&state=Paused', ['db1', 'web10']],
    ['?hostId=hv01&state=Paused', ['db1']],
    ['?hostId=hv02', []],
    ['?search=FINANCE%20data', ['Ärger']],
    ['?search=arger', ['Ärger']],
    ['?search=web&sort=-name', ['web10', 'web2']],
    ['?sort=processors', ['web2', 'web10', 'db1', 'Ärger']],
    ['?sort=-processors', ['Ärger', 'db1', 'web2', 'web10']],
    ['?sort=startedAt', ['Ärger', 'db1', 'web2', 'web10']],
    ['?sort=-startedAt', ['web2', 'Ärger', 'db1', 'web10']],
    ['?offset=1&limit=2', ['db1', 'web2']],
    ['?offset=10', []],
  ])('%s', async (query, expected) => {
    expect(names(await list(query))).toEqual(expected);
  });

  test('shows a row in its current state, even if the same list was requested before', async () => {
    expect((await list('')).items[1]).toMatchObject({ name: 'db1', state: 'Paused' });
    host.setVm(vmFacts(guid(4), { name: 'zz-db1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(4))?.state === 'Running');
    expect((await list('')).items[3]).toMatchObject({ name: 'zz-db1', state: 'Running' });
    expect((await list('?sort=-name')).items[0]).toMatchObject({ name: 'zz-db1', state: 'Running' });
  });

  test('sorts by usage if there are samples', async () => {
    const sample = { sampledAt: '2026-01-01T00:00:00Z', memoryAssigned: 1, memoryDemand: null };
    const samples = [guid(1), guid(4)].map(
      (vmId, at) => [vmId, { ...sample, vmId, cpuPercent: 50 - at }] as const,
    );
    service.usage.put({ vms: new Map(samples), hosts: new Map() });
    expect(names(await list('?sort=cpu'))).toEqual(['db1', 'web2', 'Ärger', 'web10']);
    expect(names(await list('?sort=-cpu'))).toEqual(['web2', 'db1', 'Ärger', 'web10']);
    service.usage.put({
      vms: new Map([[guid(4), { ...sample, vmId: guid(4), cpuPercent: 99 }]]),
      hosts: new Map(),
    });
    expect(names(await list('?sort=-cpu'))).toEqual(['db1', 'web2', 'Ärger', 'web10']);
  });

  test.each(['name', '-name', 'startedAt', '-processors', 'state'])(
    'pages by cursor over %s without repeating or missing VMs during changes',
    async (sort) => {
      const whole = names(await list(`?sort=${sort}`));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await list(
          `?sort=${sort}&limit=1${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        seen.push(...names(page));
        cursor = page.nextCursor;
        // The VM that the cursor stands behind goes, and another comes before it.
        if (seen.length === 2) {
          const gone = page.items[0];
          host.vms.delete(gone?.vmId ?? '');
          host.tell({ kind: 'vm-removed', vmId: gone?.vmId ?? '' });
          await until(() => service.store.rows('vm').size === 3);
        }
      } while (cursor !== null);
      expect(seen).toEqual(whole);
    },
  );

  test('returns only the fields that the query names, and the id', async () => {
    const whole = (await list('?search=web2')).items[0];
    const response = await service.get('/api/v1/vms?fields=name,state,memory&search=web2');
    expect(response.statusCode, response.body).toBe(200);
    expect(Check(VmFieldsList, response.json())).toBe(true);
    const { id, name, state, memory } = whole ?? {};
    expect(response.json<VmList>().items).toEqual([{ id, name, state, memory }]);
    const repeated = await service.get('/api/v1/vms?fields=name&fields=state,memory&search=web2');
    expect(repeated.json()).toEqual(response.json());
  });

  test.each(['fields=', 'fields=name,', 'fields=name,disks', 'fields=Name'])('refuses %s', async (query) => {
    const response = await service.get(`/api/v1/vms?${query}`);
    expect(response.statusCode).toBe(422);
    expect(response.json<{ errors: unknown[] }>().errors).toMatchObject([{ field: 'fields' }]);
  });

  test('pages by cursor over names of the maximum length', async () => {
    for (const [number, letter] of ['1a', 'ß\u{1f600}', '"\\'].entries()) {
      host.setVm(vmFacts(guid(20 + number), { name: letter.repeat(341) }));
    }
    await until(() => service.store.rows('vm').size === 7);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await list(`?limit=1${query}`);
      seen.push(...names(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(7);
  });

  test('lists every invalid field', async () => {
    const response = await service.get('/api/v1/vms?limit=0&state=Sleeping&sort=age&colour=red&offset=x');
    expect(response.statusCode).toBe(422);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = response.json<{ code: string; errors: { field: string }[] }>();
    expect(problem.code).toBe('validation-failed');
    expect(new Set(problem.errors.map((error) => error.field))).toEqual(
      new Set(['limit', 'state', 'sort', 'colour', 'offset']),
    );
  });

  test.each(['?cursor=abc', '?cursor=bnVsbA', '?offset=1&cursor=abc'])('refuses %s', async (query) => {
    expect((await service.get(`/api/v1/vms${query}`)).statusCode).toBe(422);
  });

  test('refuses a cursor of a different order', async () => {
    const { nextCursor } = await list('?limit=1');
    const response = await service.get(`/api/v1/vms?sort=-name&cursor=${nextCursor ?? ''}`);
    expect(response.statusCode).toBe(422);
    expect(response.body).toContain('sorted by name');
  });
});

describe('GET /inventory', () => {
  test('counts the VMs of an unreachable host as last known', async () => {
    host.fault = 'refuse';
    host.cut();
    await clock.advance(60_000);
    const { totals } = (await service.get('/api/v1/inventory')).json<{ totals: unknown }>();
    expect(totals).toEqual({
      vms: 0,
      byState: {},
      lastKnown: { vms: 4, byState: { Running: 2, Off: 1, Paused: 1 } },
    });
  });
});

describe('GET /vms/{id}', () => {
  test('returns the row and the fleet’s version', async () => {
    const response = await service.get(`/api/v1/vms/${guid(3)}`);
    expect(Check(Vm, response.json())).toBe(true);
    expect(response.json()).toEqual(service.store.get('vm', guid(3)));
    expect(response.headers['fleet-version']).toBe(service.store.version);
  });

  test('answers 404 for an unknown id', async () => {
    const response = await service.get(`/api/v1/vms/${guid(99)}`);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found', status: 404, title: 'Not found' });
  });

  test('returns the latest usage sample, or 404 without one', async () => {
    expect((await service.get(`/api/v1/vms/${guid(1)}/usage`)).statusCode).toBe(404);
    const sample = {
      vmId: guid(1),
      sampledAt: '2026-01-01T00:00:00Z',
      cpuPercent: 5,
      memoryAssigned: 1,
      memoryDemand: null,
    };
    service.usage.put({ vms: new Map([[guid(1), sample]]), hosts: new Map() });
    expect((await service.get(`/api/v1/vms/${guid(1)}/usage`)).json()).toEqual(sample);
  });
});
