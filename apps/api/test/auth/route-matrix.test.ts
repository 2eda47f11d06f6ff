import { roles, type JobAccepted, type Role } from '@aether-v/types';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Authentication } from '../../src/auth/authentication.ts';
import { PrincipalResolver } from '../../src/auth/principal-resolver.ts';
import { permissionsOfRoles, type Principal } from '../../src/auth/principal.ts';
import { sessionOf } from '../support/authentication.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

type Caller = Role | 'stranger' | 'none';
type Need = Role | 'none' | 'public';

/**
 * The decisions of every route, written by hand: the least role that may call it, `none`
 * for everyone who has signed in, `public` for everyone. It is compared
 * with the service, so a route that is missing here, or whose permission has changed, fails.
 */
const least: Readonly<Record<string, Need>> = {
  'GET /healthz': 'public',
  'GET /auth/me': 'public',
  'GET /auth/login': 'public',
  'GET /auth/callback': 'public',
  'POST /auth/logout': 'public',
  'POST /auth/password': 'public',
  'POST /auth/backchannel-logout': 'public',
  'GET /auth/sessions': 'none',
  'POST /auth/sessions/:sessionId/end': 'none',
  'GET /readyz': 'public',
  'GET /openapi.json': 'reader',
  'GET /docs': 'reader',
  'GET /docs/start.js': 'reader',
  'GET /docs/swagger-ui.css': 'reader',
  'GET /docs/swagger-ui-bundle.js': 'reader',
  'GET /redoc': 'reader',
  'GET /redoc/redoc.standalone.js': 'reader',
  'GET /api/v1/about': 'reader',
  'GET /api/v1/oss-licenses': 'reader',
  'GET /api/v1/diagnostics': 'admin',
  'GET /api/v1/inventory': 'reader',
  'GET /api/v1/clusters': 'reader',
  'GET /api/v1/clusters/:clusterId': 'reader',
  'GET /api/v1/hosts': 'reader',
  'GET /api/v1/hosts/:hostId': 'reader',
  'GET /api/v1/hosts/:hostId/resources': 'reader',
  'POST /api/v1/hosts/:hostId/test': 'admin',
  'GET /api/v1/vms': 'reader',
  'GET /api/v1/vms/:vmId': 'reader',
  'GET /api/v1/vms/:vmId/usage': 'reader',
  'POST /api/v1/vms/bulk': 'writer',
  'POST /api/v1/vms': 'writer',
  'POST /api/v1/vms/create': 'writer',
  'POST /api/v1/vms/delete': 'writer',
  'GET /api/v1/vms/:vmId/checkpoints': 'reader',
  'POST /api/v1/vms/:vmId/start': 'writer',
  'POST /api/v1/vms/:vmId/shutdown': 'writer',
  'POST /api/v1/vms/:vmId/stop': 'writer',
  'POST /api/v1/vms/:vmId/restart': 'writer',
  'POST /api/v1/vms/:vmId/reset': 'writer',
  'POST /api/v1/vms/:vmId/save': 'writer',
  'POST /api/v1/vms/:vmId/pause': 'writer',
  'POST /api/v1/vms/:vmId/resume': 'writer',
  'PATCH /api/v1/vms/:vmId': 'writer',
  'DELETE /api/v1/vms/:vmId': 'writer',
  'POST /api/v1/vms/:vmId/move': 'writer',
  'POST /api/v1/vms/:vmId/cluster-role': 'writer',
  'DELETE /api/v1/vms/:vmId/cluster-role': 'writer',
  'POST /api/v1/vms/:vmId/disks': 'writer',
  'POST /api/v1/vms/:vmId/disks/attach': 'writer',
  'POST /api/v1/vms/:vmId/disks/:diskId/detach': 'writer',
  'POST /api/v1/vms/:vmId/disks/:diskId/grow': 'writer',
  'DELETE /api/v1/vms/:vmId/disks/:diskId': 'writer',
  'POST /api/v1/vms/:vmId/dvd/insert': 'writer',
  'POST /api/v1/vms/:vmId/dvd/eject': 'writer',
  'POST /api/v1/vms/:vmId/network-adapters': 'writer',
  'DELETE /api/v1/vms/:vmId/network-adapters/:adapterId': 'writer',
  'POST /api/v1/vms/:vmId/network-adapters/:adapterId/connect': 'writer',
  'POST /api/v1/vms/:vmId/network-adapters/:adapterId/mac': 'writer',
  'POST /api/v1/vms/:vmId/checkpoints': 'writer',
  'POST /api/v1/vms/:vmId/checkpoints/:checkpointId/apply': 'writer',
  'PATCH /api/v1/vms/:vmId/checkpoints/:checkpointId': 'writer',
  'DELETE /api/v1/vms/:vmId/checkpoints/:checkpointId': 'writer',
  'GET /api/v1/jobs': 'reader',
  'GET /api/v1/jobs/:jobId': 'reader',
  'GET /api/v1/jobs/:jobId/log': 'reader',
  'POST /api/v1/jobs/:jobId/cancel': 'writer',
  'POST /api/v1/jobs/:jobId/retry': 'writer',
  'POST /api/v1/jobs/:jobId/acknowledge': 'writer',
  'GET /api/v1/events': 'reader',
  'PUT /api/v1/events/:streamId/interest': 'reader',
  'GET /api/v1/audit/head': 'admin',
  'GET /api/v1/audit/records': 'admin',
  'GET /vm/list': 'reader',
  'POST /vm/:vmName/start': 'writer',
  'POST /vm/:vmName/shutdown': 'writer',
  'POST /vm/:vmName/restart': 'writer',
};

const callers: readonly Caller[] = ['stranger', 'none', 'reader', 'writer', 'admin'];
const ranks: Readonly<Record<Caller | 'public', number>> = {
  public: -1,
  stranger: -1,
  none: 0,
  reader: 1,
  writer: 2,
  admin: 3,
};

let caller: Caller = 'admin';

function principalOf(role: Exclude<Caller, 'stranger'>): Principal {
  return { id: role, name: role, permissions: permissionsOfRoles(role === 'none' ? [] : [role]) };
}

/** Resolves every request to the caller of the moment. */
class CurrentCaller extends PrincipalResolver {
  override resolve(): Promise<Authentication | null> {
    return Promise.resolve(caller === 'stranger' ? null : sessionOf(principalOf(caller)));
  }
}

const routes: RouteOptions[] = [];
let service: TestApp;
let ids: Record<string, string>;

beforeAll(async () => {
  const clock = new FakeClock();
  const host = new JobHost('hv01', clock, 0);
  host.host.vms.set(guid(1), vmFacts(guid(1), { state: 'Off' }));
  service = await startTestApp({
    hosts: [host.host],
    clock,
    replacements: [{ provide: PrincipalResolver, useClass: CurrentCaller }],
    extend: (server) => void server.addHook('onRoute', (route) => void routes.push(route)),
  });
  const { job } = (await service.post(`/api/v1/vms/${guid(1)}/start`)).json<JobAccepted>();
  ids = { vmId: guid(1), hostId: 'hv01', jobId: job.id, clusterId: 'unknown', streamId: 'unknown' };
});

afterAll(() => service.app.close());

function nameOf({ method, url }: RouteOptions): string {
  return `${String(method)} ${url}`;
}

const isRead = ({ method, url }: RouteOptions): boolean => method !== 'HEAD' && url !== '/*';

/** Bodies of routes whose handlers check the permission, once the body is valid. */
const validBodies: readonly (readonly [string, string])[] = [
  ['/cancel', '{}'],
  ['/retry', '{}'],
  ['/acknowledge', '{}'],
  ['/vms/bulk', '{"command":"vm.delete","vms":[{"vmId":"unknown","name":"x"}]}'],
];

/** The first refusal that a request meets, or `allowed`. */
async function decisionOn(route: RouteOptions): Promise<string> {
  const url = route.url.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'unknown');
  // The VM control API accepts no credentials but keys.
  const key: Record<string, string> =
    url.startsWith('/vm/') && caller !== 'stranger' ? { 'x-api-key': 'any' } : {};
  // An invalid body or query stops the handler, so no call changes anything.
  const { statusCode, body } =
    route.method === 'GET'
      ? await service.send({ method: url === '/api/v1/events' ? 'HEAD' : 'GET', url, headers: key })
      : await service.send({
          method: route.method as 'POST',
          url: route.method === 'DELETE' ? `${url}?unknown=1` : url,
          payload: validBodies.find(([end]) => url.endsWith(end))?.[1] ?? '{"unknown":1}',
          headers: { 'content-type': 'application/json', ...key },
        });
  if (statusCode === 401) return 'unauthenticated';
  return statusCode === 403 && !body.includes('foreign-origin') ? 'forbidden' : 'allowed';
}

function expected(need: Need | undefined, as: Caller): string {
  if (need === 'public') return 'allowed';
  if (as === 'stranger') return 'unauthenticated';
  return need !== undefined && ranks[as] >= ranks[need] ? 'allowed' : 'forbidden';
}

/** The routes on which the service decides otherwise than a table. */
async function differencesFrom(table: Readonly<Record<string, Need>>, as: Caller): Promise<unknown[]> {
  caller = as;
  const differences: unknown[] = [];
  for (const route of routes.filter(isRead)) {
    const [is, should] = [await decisionOn(route), expected(table[nameOf(route)], as)];
    if (is !== should) differences.push([nameOf(route), is, should]);
  }
  return differences;
}

describe('the decisions of all routes', () => {
  test('the table written by hand names every route of the service, and no other', () => {
    expect(routes.filter(isRead).map(nameOf).toSorted()).toEqual(Object.keys(least).toSorted());
  });

  test.each(callers)('the service decides as the table for: %s', async (as) => {
    expect(await differencesFrom(least, as)).toEqual([]);
  });

  test('the comparison finds a route that requires less than the table', async () => {
    const stricter = { ...least, 'POST /api/v1/vms/:vmId/stop': 'admin' } as const;
    expect(await differencesFrom(stricter, 'writer')).toEqual([
      ['POST /api/v1/vms/:vmId/stop', 'allowed', 'forbidden'],
    ]);
  });
});

describe('the order of refusals', () => {
  const start = (
    id: string,
    body: object,
    type = 'application/json',
  ): Promise<{ statusCode: number; body: string }> =>
    service.send({
      method: 'POST',
      url: `/api/v1/vms/${id}/start`,
      payload: JSON.stringify(body),
      headers: { 'content-type': type },
    });

  test.each<[string, Caller, string, object, number]>([
    ['no credentials, before everything else', 'stranger', 'unknown', { a: 1 }, 401],
    ['an unknown VM, before the permission', 'reader', 'unknown', { a: 1 }, 404],
    ['an unknown VM, before the body', 'writer', 'unknown', { a: 1 }, 404],
    ['the permission, before the body', 'reader', guid(1), { a: 1 }, 403],
    ['the body', 'writer', guid(1), { a: 1 }, 422],
    ['the state of the VM, last', 'writer', guid(1), {}, 409],
  ])('%s', async (_, as, id, body, status) => {
    caller = as;
    expect((await start(id, body)).statusCode).toBe(status);
  });

  test('no credentials are reported before a content type that is not JSON', async () => {
    caller = 'stranger';
    expect((await start(guid(1), {}, 'text/plain')).statusCode).toBe(401);
    caller = 'writer';
    expect((await start(guid(1), {}, 'text/plain')).statusCode).toBe(415);
  });

  test('a refusal names the permission', async () => {
    caller = 'reader';
    expect((await start(guid(1), {})).body).toContain('reader lacks the permission power.');
  });
});

test('every role but the first has the permissions of the role before it', () => {
  expect(roles.writer).toEqual(expect.arrayContaining([...roles.reader]));
  expect(roles.admin).toEqual(expect.arrayContaining([...roles.writer]));
});
