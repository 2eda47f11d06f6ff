import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let service: TestApp;

const vmId = '0a1b2c3d-0000-4000-8000-00000000000f';

beforeAll(async () => {
  const clock = new FakeClock();
  const host = new FakeHost('hv01', clock);
  for (const id of [vmId, guid(2)]) host.vms.set(id, vmFacts(id, { name: id === vmId ? 'web01' : 'web02' }));
  service = await startTestApp({ hosts: [host], clock });
});

afterAll(() => service.app.close());

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: { field: string; message: string }[];
}

describe('a method that an address does not have', () => {
  test.each([
    ['PUT', '/api/v1/jobs', 'GET, HEAD'],
    ['POST', '/api/v1/hosts', 'GET, HEAD'],
    ['GET', `/api/v1/vms/${vmId}/start`, 'POST'],
    ['GET', `/api/v1/vms/${vmId}/start/`, 'POST'],
    ['POST', `/api/v1/vms/${vmId}`, 'DELETE, GET, HEAD, PATCH'],
    ['OPTIONS', '/api/v1/jobs', 'GET, HEAD'],
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['PUT', '/docs', 'GET, HEAD'],
    ['GET', '/api/v1/vms/bulk', 'POST'],
    ['DELETE', '/api/v1/vms/delete?name=web01', 'POST'],
    ['PATCH', '/api/v1/vms/create/', 'POST'],
  ] as const)('is refused with those that it has: %s %s', async (method, url, allow) => {
    const response = await service.send({ method, url });
    expect(response.statusCode).toBe(405);
    expect(response.headers['allow']).toBe(allow);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json<Problem>()).toMatchObject({
      code: 'method-not-allowed',
      detail: `This address does not support ${method}. Use ${allow}.`,
    });
  });

  test.each(['/api/v1/nothing', '/api/v1/vms/a/b/c', '/nothing'])(
    'is a 404 where nothing exists: %s',
    async (url) => {
      const response = await service.send({
        method: 'POST',
        url,
        payload: '{}',
        headers: { 'content-type': 'application/json' },
      });
      expect([response.statusCode, response.headers['allow']]).toEqual([404, undefined]);
    },
  );
});

describe('the spelling of an address', () => {
  test.each(['/api/v1/vms/', '/api/v1/hosts/hv01/', '/healthz/', '/docs/'])(
    'may end with a slash: %s',
    async (url) => {
      expect((await service.get(url)).statusCode).toBe(200);
      expect((await service.send({ method: 'HEAD', url })).statusCode).toBe(200);
    },
  );

  test.each([vmId.toUpperCase(), `{${vmId}}`, `%7B${vmId.toUpperCase()}%7D`])(
    'may contain the id of a VM in another spelling: %s',
    async (id) => {
      const response = await service.get(`/api/v1/vms/${id}`);
      expect(response.json()).toMatchObject({ id: vmId, name: 'web01' });
    },
  );

  test('may contain the id of a host in upper case', async () => {
    expect((await service.get('/api/v1/hosts/HV01')).json()).toMatchObject({ id: 'hv01' });
    expect((await service.get('/api/v1/vms?hostId=HV01&fields=name')).json()).toMatchObject({ total: 2 });
  });

  test.each([
    ['disks/x', 'The VM has no disk with the id x.'],
    ['network-adapters/eth0', 'The VM has no network adapter with the id eth0.'],
    ['checkpoints/%7B%7D', 'The VM has no checkpoint with the id {}.'],
  ])('is a 404 if no part of a VM can have the id: %s', async (path, detail) => {
    const response = await service.send({ method: 'DELETE', url: `/api/v1/vms/${vmId}/${path}?path=x` });
    expect([response.statusCode, response.json<Problem>().detail]).toEqual([404, detail]);
  });

  test.each([`{${guid(2)}}`, guid(2).toUpperCase()])('does not matter for ids in bodies: %s', async (id) => {
    const bulk = await service.post('/api/v1/vms/bulk?dryRun=true', {
      command: 'vm.stop',
      vms: [{ vmId: id }],
    });
    expect(bulk.json()).toMatchObject({ items: [{ subject: { id: guid(2), name: 'web02' } }] });
    const named = await service.post('/api/v1/vms/delete', { id, name: 'web01' });
    expect(named.json<Problem>()).toMatchObject({
      code: 'conflict',
      detail: `The VM ${guid(2)} is named "web02", not "web01".`,
    });
    const move = await service.post(`/api/v1/vms/${vmId}/move`, { targetHostId: 'HV01' });
    expect(move.json<Problem>().code).toBe('wrong-state');
  });

  test('reads a job in upper case', async () => {
    const accepted = (await service.post(`/api/v1/vms/${vmId.toUpperCase()}/stop`)).json<{
      job: { id: string };
    }>();
    const job = await service.get(`/api/v1/jobs/${accepted.job.id.toUpperCase()}`);
    expect(job.json()).toMatchObject({ id: accepted.job.id, subject: { kind: 'vm', id: vmId } });
  });
});

test.each([
  ['POST', `/api/v1/vms/${vmId}/stop?dry=true`],
  ['DELETE', `/api/v1/vms/${vmId}?name=web01&dry-run=true`],
  ['PATCH', `/api/v1/vms/${vmId}?dryrun=true`],
  ['PUT', '/api/v1/events/a-stream/interest?dryRun=true'],
] as const)('a change with an unknown query parameter is refused: %s %s', async (method, url) => {
  const headers = { 'content-type': 'application/json' };
  const response = await service.send(
    method === 'DELETE' ? { method, url } : { method, url, headers, payload: '{}' },
  );
  expect(response.statusCode).toBe(422);
  expect(response.json<Problem>().errors?.map(({ message }) => message)).toEqual([
    'is not a known parameter',
  ]);
});

describe('a refused query or body', () => {
  const refusal = async (url: string): Promise<Problem> => {
    const response = await service.get(url);
    expect(response.statusCode, response.body).toBe(422);
    return response.json<Problem>();
  };

  test.each([
    ['search=a&search=b&search=c', 'search', 'occurs 3 times, but takes one value'],
    ['limit=1&limit=x', 'limit', 'occurs 2 times, but takes one value'],
    [
      'hostId=-bad',
      'hostId',
      'each value in hostId must be a host id: lower-case letters, digits, dots and hyphens',
    ],
    [
      'clusterId=cl1',
      'clusterId',
      'each value in clusterId must be a GUID in lower case, such as 0a1b2c3d-0000-4000-8000-00000000000f',
    ],
  ])('names the mistake in words: %s', async (query, field, message) => {
    expect((await refusal(`/api/v1/vms?${query}`)).errors).toEqual([{ field, message }]);
  });

  test.each(['a\u0000b', 'a\ud83db'])('names texts that hosts cannot store: %j', async (text) => {
    const body = { disk: { size: text }, path: [text] };
    const response = await service.post(`/api/v1/vms/${vmId}/disks/attach`, body);
    expect(response.statusCode).toBe(422);
    const message = 'contains a NUL character or half a surrogate pair, which cannot be stored';
    expect(response.json<Problem>().errors).toEqual([
      { field: 'disk.size', message },
      { field: 'path.0', message },
    ]);
    const query = await service.get(`/api/v1/vms?search=${encodeURIComponent(text.toWellFormed())}`);
    expect(query.statusCode).toBe(text.includes('\u0000') ? 422 : 200);
  });

  test('refuses a body that is nested without limit', async () => {
    const response = await service.send({
      method: 'POST',
      url: `/api/v1/vms/${vmId}/disks/attach`,
      payload: `{"path":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.statusCode).toBe(422);
  });

  test('lists a limited number of invalid fields', async () => {
    const body = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`field${at}${'x'.repeat(40)}`, at]),
    );
    const response = await service.post(`/api/v1/vms/${vmId}/start`, body);
    expect(response.statusCode).toBe(422);
    const { errors = [], detail } = response.json<Problem>();
    expect(errors).toHaveLength(32);
    expect(detail).toMatch(/ and 9968 more\.$/);
    expect(response.body.length).toBeLessThan(8000);
  });

  test('repeats a limited part of a long field name', async () => {
    const response = await service.post(`/api/v1/vms/${vmId}/start`, { ['x'.repeat(500_000)]: 1 });
    expect(response.statusCode).toBe(422);
    expect(response.body.length).toBeLessThan(2000);
  });
});
