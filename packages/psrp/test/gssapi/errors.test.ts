import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kerberos, NegotiateAcceptor, type KerberosOptions } from '@aether-v/psrp/gssapi';
import { failure } from '../client/connect.ts';
import { Harness } from '../server/harness.ts';
import { freePort, Kdc, shiftClock } from './kdc.ts';
import { allFreed, client, firstRefusal, hostName, skip, skipReason, hostPrincipal } from './support.ts';

const target = { url: new URL(`http://${hostName}:5985/wsman`) };
const run = promisify(execFile);

describe.skipIf(skip)(`failures by their code${skipReason}`, () => {
  let kdc: Kdc;
  let keytab: string;
  let hostKeytab: string;

  beforeAll(async () => {
    kdc = await Kdc.start();
    keytab = await kdc.principal('svc');
    hostKeytab = await kdc.principal(hostPrincipal);
  });
  beforeEach(() => {
    process.env['KRB5_CONFIG'] = kdc.config;
  });
  afterEach(allFreed);
  afterAll(() => kdc.stop());

  /** What the very first step is refused with. */
  async function refused(options: KerberosOptions) {
    const authenticator = kerberos({ host: hostName, ...options });
    try {
      return await firstRefusal(authenticator.forConnection(target));
    } finally {
      authenticator.dispose();
    }
  }

  /** Signs in to a listener with this keytab. */
  async function denied(options: KerberosOptions, acceptorKeytab: string) {
    const acceptor = new NegotiateAcceptor({ keytab: acceptorKeytab });
    const authenticator = kerberos({ host: hostName, ...options });
    try {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      await using wsman = client(harness.url, authenticator);
      const error = await failure(wsman.identify());
      expect(error).toMatchObject({ code: 'access-denied', started: false });
      expect(harness.listener.traffic.requests).toBe(0);
      return error.message;
    } finally {
      authenticator.dispose();
      await acceptor.close();
    }
  }

  test('unknown-service: a name without a service principal', async () => {
    expect(await refused({ principal: 'svc', keytab, host: 'alias.test' })).toBe('unknown-service');
  });

  test('no-credentials: no keytab, no cache, or one of another principal', async () => {
    expect(await refused({ principal: 'svc', keytab: '/nonexistent' })).toBe('no-credentials');
    expect(await refused({ ccache: 'FILE:/nonexistent' })).toBe('no-credentials');
    expect(await refused({ principal: 'svc', keytab: hostKeytab })).toBe('no-credentials');
  });

  test('client-unknown: the account was deleted', async () => {
    const gone = await kdc.principal('gone');
    await kdc.admin('delprinc -force gone');
    expect(await refused({ principal: 'gone', keytab: gone })).toBe('client-unknown');
  });

  test.each(['', '+requires_preauth'])(
    'bad-password: the keytab is older than the key %s',
    async (options) => {
      const name = `changed${options.length}`;
      const old = await kdc.principal(name, options);
      await kdc.admin(`cpw -randkey ${name}`);
      expect(await refused({ principal: name, keytab: old })).toBe('bad-password');
    },
  );

  test.each([
    ['expired', '-expire yesterday'],
    ['locked', '-allow_tix'],
    ['needs a new password', '-pwexpire yesterday'],
  ])('account-closed: the account is %s', async (why, options) => {
    const name = why.replaceAll(' ', '');
    const closed = await kdc.principal(name, options);
    expect(await refused({ principal: name, keytab: closed })).toBe('account-closed');
  });

  test('kdc-unreachable: no KDC listens', async () => {
    process.env['KRB5_CONFIG'] = await kdc.variant('dead', '', await freePort());
    expect(await refused({ principal: 'svc', keytab })).toBe('kdc-unreachable');
  });

  test('encryption-type: the client allows none of the account’s types', async () => {
    process.env['KRB5_CONFIG'] = await kdc.variant('camellia', 'permitted_enctypes = camellia256-cts-cmac');
    expect(await refused({ principal: 'svc', keytab })).toBe('encryption-type');
  });

  test('expired: the cached ticket has expired', async () => {
    const ccache = `FILE:${kdc.folder}/expired`;
    await kdc.program('/usr/bin/kinit', ['-l', '1s', '-k', '-t', keytab, '-c', ccache, 'svc']);
    // klist -s fails once the ticket is over.
    while (
      await run('/usr/bin/klist', ['-s', '-c', ccache]).then(
        () => true,
        () => false,
      )
    );
    expect(await refused({ ccache })).toBe('expired');
  });

  test('clock-skew: the client is an hour ahead of the KDC and the host', async () => {
    const path = `${kdc.folder}/skewed`;
    await kdc.program('/usr/bin/kinit', ['-k', '-t', keytab, '-c', `FILE:${path}`, 'svc']);
    await shiftClock(path, 3_600);
    expect(await refused({ ccache: `FILE:${path}` })).toBe('clock-skew');
    await shiftClock(path, 0);
    await kdc.program('/usr/bin/kvno', ['-c', `FILE:${path}`, hostPrincipal]);
    await shiftClock(path, 3_600);
    expect(await denied({ ccache: `FILE:${path}` }, hostKeytab)).toContain('clocks');
  });

  test('key-version: the host has other keys than the KDC, and works again with the new ones', async () => {
    const name = 'WSMAN/rekeyed.test';
    const old = await kdc.principal(name);
    await kdc.admin(`cpw -randkey ${name}`);
    expect(await denied({ principal: 'svc', keytab, host: 'rekeyed.test' }, old)).toContain(
      'a different key',
    );
  });
});
