import { describe, expect, test } from 'vitest';
import { startTestApp } from '../support/test-app.ts';

interface Caller {
  readonly environment?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
}

const account = { ACCOUNTS_FILE: '/nowhere/accounts.json' };

async function statusOf({
  environment = {},
  headers = {},
  remoteAddress = '127.0.0.1',
}: Caller): Promise<number> {
  const service = await startTestApp({ environment });
  const { statusCode } = await service.send({ method: 'GET', url: '/api/v1/vms', headers, remoteAddress });
  await service.app.close();
  return statusCode;
}

describe('a request without credentials', () => {
  test.each<[string, Caller]>([
    ['from 127.0.0.1', {}],
    ['from another loopback address', { remoteAddress: '127.3.2.1' }],
    ['from ::1', { remoteAddress: '::1' }],
    ['from IPv4 loopback at a dual-stack socket', { remoteAddress: '::ffff:127.0.0.1' }],
    ['from this machine to [::1]', { headers: { host: '[::1]:8000' } }],
    ['from this machine while only programs have keys', { environment: { API_KEY: 's3cret' } }],
  ])('%s is that of the local administrator', async (_, caller) => {
    expect(await statusOf(caller)).toBe(200);
  });

  test.each<[string, Caller]>([
    ['from another machine', { remoteAddress: '192.0.2.7' }],
    [
      'from this machine to another name',
      { environment: { ALLOWED_HOSTS: 'fleet' }, headers: { host: 'fleet' } },
    ],
    ['from this machine while proxies are trusted', { environment: { TRUSTED_PROXIES: '192.0.2.1' } }],
    ['from this machine while local accounts exist', { environment: account }],
    ['from this machine with AUTH_ENABLED', { environment: { AUTH_ENABLED: 'true', API_KEY: 's3cret' } }],
    ...['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP'].map(
      (name): [string, Caller] => [
        `with the header ${name} of a proxy`,
        { headers: { [name]: '127.0.0.1' } },
      ],
    ),
  ])('%s is refused', async (_, caller) => {
    expect(await statusOf(caller)).toBe(401);
  });
});
