import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Response } from 'light-my-request';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { changeAccountFile } from '../../src/auth/accounts/account-file.ts';
import { hashPassword } from '../../src/auth/accounts/password-hash.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { ProblemError } from '../../src/problems/problem-error.ts';
import { MemoryAudit } from '../support/memory-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const password = 'correct horse battery';
let passwordHash: string;

beforeAll(async () => {
  passwordHash = await hashPassword(password);
});

async function startService(
  audit = new MemoryAudit(),
  extend: (server: FastifyInstance) => void = () => undefined,
): Promise<TestApp> {
  const path = join(temporaryFolder(), 'accounts.json');
  await changeAccountFile(path, () => [{ user: 'anna', name: 'Anna', role: 'reader', passwordHash }]);
  const service = await startTestApp({
    environment: { ACCOUNTS_FILE: path },
    extend,
    replacements: [{ provide: AuditLog, useValue: audit }],
  });
  onTestFinished(() => service.app.close());
  return { ...service, audit };
}

async function signIn(
  service: TestApp,
  headers: Record<string, string> = {},
): Promise<Record<string, string>> {
  const response = await service.post('/auth/password', { user: 'anna', password }, headers);
  expect(response.statusCode).toBe(204);
  return { cookie: String(response.headers['set-cookie']).split(';', 1)[0] ?? '' };
}

function form(service: TestApp): Promise<Response> {
  return service.send({
    method: 'POST',
    url: '/auth/backchannel-logout',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'logout_token=x',
  });
}

describe('the audit of sign-outs', () => {
  test('has one record of a sign-out, and none of its repetition', async () => {
    const service = await startService();
    const cookie = await signIn(service);
    for (let n = 0; n < 3; n += 1) {
      expect((await service.post('/auth/logout', {}, cookie)).statusCode).toBe(200);
    }
    expect(service.audit.entries).toMatchObject([
      { action: 'auth.sign-in' },
      { action: 'auth.sign-out', status: 'accepted', details: 'account', actor: { id: 'account:anna' } },
    ]);
  });

  test('has one record of a session that its owner ends from another one', async () => {
    const service = await startService();
    const [, cookie] = [await signIn(service), await signIn(service)];
    const { items } = (await service.get('/auth/sessions', cookie)).json<{
      items: { id: string; current: boolean }[];
    }>();
    const other = items.find(({ current }) => !current)?.id;
    expect((await service.post(`/auth/sessions/${String(other)}/end`, {}, cookie)).statusCode).toBe(204);
    expect(service.audit.entries.slice(2)).toMatchObject([
      { action: 'auth.sign-out', status: 'accepted', actor: { id: 'account:anna' } },
    ]);
  });

  test.each<[string, (service: TestApp) => Promise<Response>]>([
    ['sign out', (service) => service.post('/auth/logout')],
    ['end sessions', (service) => service.post('/auth/sessions/x/end')],
    ['send logout tokens', form],
  ])('the audit log is not filled by strangers who %s', async (_, send) => {
    const service = await startService();
    for (let n = 0; n < 5; n += 1) await send(service);
    expect(service.audit.entries).toEqual([]);
  });

  test('does not hold up a sign-out while it is unavailable', async () => {
    class UnavailableAudit extends MemoryAudit {
      override attempt(_entry: AuditEntry): Promise<void> {
        return Promise.reject(new ProblemError('audit-unavailable', 'Nothing was changed.'));
      }
    }
    const service = await startService(new UnavailableAudit());
    const cookie = await signIn(service);
    expect((await service.post('/auth/logout', {}, cookie)).statusCode).toBe(200);
    expect((await service.get('/api/v1/vms', cookie)).statusCode).toBe(401);
  });
});

describe('a sign-in with a password', () => {
  test('ends the session that it replaces', async () => {
    const service = await startService();
    const before = await signIn(service);
    const after = await signIn(service, before);
    expect((await service.get('/api/v1/vms', before)).statusCode).toBe(401);
    expect((await service.get('/api/v1/vms', after)).statusCode).toBe(200);
  });
});

describe('an event stream', () => {
  test('no event stream opens for a session that ends while its request is in progress', async () => {
    let arrived = false;
    let proceed: (() => void) | undefined;
    const service = await startService(new MemoryAudit(), (server) => {
      server.addHook('preHandler', async (request) => {
        if (!request.url.startsWith('/api/v1/events')) return;
        arrived = true;
        await new Promise<void>((resolve) => (proceed = resolve));
      });
    });
    const cookie = await signIn(service);
    let answer: Response | undefined;
    void service.get('/api/v1/events', cookie).then((response) => (answer = response));
    await until(() => arrived);
    expect((await service.post('/auth/logout', {}, cookie)).statusCode).toBe(200);
    proceed?.();
    const streams = service.app.get(EventStreams);
    await until(() => answer !== undefined || streams.size > 0);
    expect([answer?.statusCode, streams.size]).toEqual([401, 0]);
  });
});
