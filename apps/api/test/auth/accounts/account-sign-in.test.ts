import { join } from 'node:path';
import type { Response } from 'light-my-request';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { changeAccountFile } from '../../../src/auth/accounts/account-file.ts';
import type { Account } from '../../../src/auth/accounts/account.ts';
import { hashPassword } from '../../../src/auth/accounts/password-hash.ts';
import { recheckMs } from '../../../src/auth/sessions/session.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const password = 'correct horse battery';
let anna: Account;
let otherHash: string;

beforeAll(async () => {
  otherHash = await hashPassword('another horse battery');
  anna = { user: 'anna', name: 'Anna Example', role: 'writer', passwordHash: await hashPassword(password) };
});

interface Service extends TestApp {
  readonly path: string;
  signIn(user: string, password: string): Promise<Response>;
}

async function startService(
  environment: Record<string, string> = {},
  clock = new FakeClock(),
): Promise<Service> {
  const path = join(temporaryFolder(), 'accounts.json');
  await changeAccountFile(path, () => [anna]);
  const service = await startTestApp({ clock, environment: { ACCOUNTS_FILE: path, ...environment } });
  onTestFinished(() => service.app.close());
  const signIn = (user: string, given: string): Promise<Response> =>
    service.post('/auth/password', { user, password: given });
  return { ...service, path, signIn };
}

function cookieOf({ headers }: Response): Record<string, string> {
  return { cookie: String(headers['set-cookie']).split(';', 1)[0] ?? '' };
}

describe('POST /auth/password', () => {
  test('begins a session with the role of the account, and records it', async () => {
    const service = await startService();
    const response = await service.signIn('ANNA', password);
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect(response.headers['set-cookie']).toMatch(/^__Host-.+; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const cookie = cookieOf(response);
    const me = await service.get('/auth/me', cookie);
    expect(me.json()).toMatchObject({
      principal: { id: 'account:anna', name: 'Anna Example', method: 'session', role: 'writer' },
      signIn: ['account'],
    });
    expect((await service.get('/api/v1/vms', cookie)).statusCode).toBe(200);
    expect((await service.get('/api/v1/audit/head', cookie)).statusCode).toBe(403);
    expect(service.audit.entries).toMatchObject([
      { action: 'auth.sign-in', status: 'accepted', details: 'account', actor: { id: 'account:anna' } },
    ]);
  });

  test('answers a wrong password, an unknown user and an impossible name alike, and records each', async () => {
    const service = await startService();
    const answers = await Promise.all([
      service.signIn('anna', 'wrong horse battery'),
      service.signIn('bert', password),
      service.signIn('../anna', password),
    ]);
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.json()).toMatchObject({ detail: 'The user name or the password is wrong.' });
    }
    expect(service.audit.entries).toHaveLength(3);
    expect(service.audit.entries.map(({ status, actor }) => [status, actor.id, actor.name]).sort()).toEqual([
      ['refused', null, 'unknown account'],
      ['refused', null, 'unknown account'],
      ['refused', 'account:anna', 'anna'],
    ]);
    expect(JSON.stringify(service.audit.entries)).not.toContain('bert');
  });

  test('is refused with Retry-After after failures, and the refusals are only counted', async () => {
    const service = await startService();
    for (let n = 0; n < 3; n += 1) await service.signIn('anna', `wrong ${n}`);
    const refused = await service.signIn('anna', password);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(refused.json()).toMatchObject({ code: 'too-many-requests' });
    for (let n = 0; n < 20; n += 1) await service.signIn('anna', password);
    expect(service.audit.entries).toHaveLength(3);
    await service.clock.advance(60_000);
    expect(service.audit.entries.at(-1)).toMatchObject({ action: 'request.refused' });
    expect((await service.signIn('anna', password)).statusCode).toBe(204);
  });

  test('delays a sign-in by the address that a trusted proxy reports, whatever the port it adds', async () => {
    const service = await startService({ TRUSTED_PROXIES: '127.0.0.1' });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.9:${50_000 + n}`, 'x-forwarded-proto': 'https' };
      statuses.push(
        (await service.post('/auth/password', { user: 'anna', password: 'wrong' }, headers)).statusCode,
      );
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  test.each([
    ['from another page', { origin: 'https://elsewhere.example.org' }, 403],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('refuses a sign-in that is sent %s', async (_, headers, status) => {
    const service = await startService();
    const response = await service.post('/auth/password', { user: 'anna', password }, headers);
    expect(response.statusCode).toBe(status);
  });

  test('refuses fields that are missing, too long or unknown, without repeating the password', async () => {
    const service = await startService();
    for (const body of [
      { user: 'anna' },
      { user: 'anna', password: 'x'.repeat(1025) },
      { user: 'anna', password, more: 1 },
    ]) {
      const response = await service.post('/auth/password', body);
      expect(response.statusCode).toBe(422);
      expect(response.body).not.toMatch(/correct horse|xxxx/);
    }
  });

  test('does not exist without an accounts file', async () => {
    const service = await startTestApp();
    onTestFinished(() => service.app.close());
    expect((await service.post('/auth/password', { user: 'anna', password })).statusCode).toBe(404);
  });
});

describe('the session of a local account', () => {
  test.each<[string, (account: Account) => readonly Account[]]>([
    ['its account is removed', () => []],
    ['its role is changed', (account) => [{ ...account, role: 'admin' }]],
    ['its password is changed', (account) => [{ ...account, passwordHash: otherHash }]],
  ])('the session of a local account ends at its next recheck if %s', async (_, change) => {
    const service = await startService();
    const cookie = cookieOf(await service.signIn('anna', password));
    await changeAccountFile(service.path, ([account = anna]) => change(account));
    await service.clock.advance(recheckMs);
    const refused = await service.get('/api/v1/vms', cookie);
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'session-expired' });
  });

  test('a local session of an earlier start must be renewed at its recheck, as its sign-out may be forgotten', async () => {
    const environment = { SESSION_SECRET_KEY: 'k'.repeat(32) };
    const before = await startService(environment);
    const cookie = cookieOf(await before.signIn('anna', password));
    expect((await before.post('/auth/logout', {}, cookie)).statusCode).toBe(200);
    const service = await startService(environment, new FakeClock(before.clock.now() + recheckMs));
    const refused = await service.get('/api/v1/vms', cookie);
    expect(refused.statusCode).toBe(401);
    expect((await service.get('/auth/me', cookie)).json()).toMatchObject({ principal: null, ended: 'renew' });
  });

  test('continues after its recheck while the account is unchanged', async () => {
    const service = await startService();
    const cookie = cookieOf(await service.signIn('anna', password));
    await service.clock.advance(recheckMs);
    expect((await service.get('/api/v1/vms', cookie)).statusCode).toBe(200);
  });
});
