import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { RunspacePool } from '@aether-v/psrp/client';
import { NegotiateAcceptor, outstanding } from '@aether-v/psrp/gssapi';
import { systemClock } from '../../../src/common/clock.ts';
import { hostEndpoint, type HostEndpoint } from '../../../src/config/host-endpoint.ts';
import { Secret } from '../../../src/config/secret.ts';
import { Authenticators } from '../../../src/host-adapter/connect/authenticators.ts';
import {
  configuredConnector,
  type ReachSettings,
} from '../../../src/host-adapter/connect/configured-connector.ts';
import { transportLimits } from '../../../src/host-adapter/connect/configured-limits.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { hostTransport } from '../../../src/host-adapter/connect/host-transport.ts';
import { endpointAt, noCredentials, reachSettings } from '../../support/endpoints.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { ServedHost, serveHosts } from '../../support/served-host.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',');
const password = 'correct horse';

function ask(endpoint: HostEndpoint, changes: Partial<ReachSettings>): Promise<unknown> {
  const connector = configuredConnector({ ...reachSettings, ...changes });
  const gateway = new HostGateway({ endpoints: [endpoint], connector });
  onTestFinished(async () => {
    await gateway.close();
    connector.dispose?.();
  });
  const call = { actor: 'test', deadline: new Date(Date.now() + 60_000) };
  return gateway.invoke(endpoint.address, 'agent.info', {}, call);
}

const hasNtlm =
  existsSync('/etc/gss/mech.d/mech.ntlmssp.conf') &&
  globSync('/usr/lib*/{,*/}ossl-modules/legacy.so').length > 0;
const skipNtlm = !hasNtlm && !required.includes('kdc');

describe.skipIf(skipNtlm)(`NTLM${skipNtlm ? ' (skipped: gss-ntlmssp is not installed)' : ''}`, () => {
  /** A host that speaks NTLM only, and knows one account. */
  async function ntlmHost(): Promise<{ address: string; host: ServedHost }> {
    const folder = mkdtempSync(join(tmpdir(), 'ntlm-'));
    writeFileSync(join(folder, 'users'), `WORKGROUP:operator:${password}\n`);
    process.env['NTLM_USER_FILE'] = join(folder, 'users');
    const acceptor = new NegotiateAcceptor({ ntlm: true });
    const host = new ServedHost(new FakeHost('hv1', systemClock), acceptor.authenticate);
    const served = await serveHosts([host]);
    onTestFinished(async () => {
      await served[Symbol.asyncDispose]();
      await acceptor.close();
      rmSync(folder, { recursive: true });
    });
    return { address: served.endpoints[0]?.address ?? '', host };
  }

  const account = { winrmUsername: 'WORKGROUP\\operator', winrmPassword: new Secret(password) };

  test('connects to an agent', async () => {
    const { address } = await ntlmHost();
    await expect(ask(endpointAt(address, 'ntlm'), account)).resolves.toMatchObject({ hostId: 'hv1' });
  });

  test('is refused with a wrong password', async () => {
    const { address, host } = await ntlmHost();
    const guess = { ...account, winrmPassword: new Secret('guess') };
    await expect(ask(endpointAt(address, 'ntlm'), guess)).rejects.toMatchObject({
      code: 'access-denied',
      began: false,
      remedy: expect.stringContaining('password') as string,
    });
    expect(host.listener.traffic.requests).toBe(0);
  });

  test('is not used if Basic is configured', async () => {
    const { address } = await ntlmHost();
    await expect(ask(endpointAt(address, 'basic'), account)).rejects.toMatchObject({ code: 'access-denied' });
  });
});

const hasGssapi = globSync('/usr/lib*/{,*/}libgssapi_krb5.so.2').length > 0;
const skipKerberos = !hasGssapi && !required.includes('kdc');

describe.skipIf(skipKerberos)(
  `Kerberos${skipKerberos ? ' (skipped: libgssapi_krb5 is not installed)' : ''}`,
  () => {
    test.each<[string, Partial<ReachSettings>]>([
      ['cache', { kerberosCcache: 'FILE:/nonexistent/krb5cc' }],
      [
        'keytab',
        {
          kerberosPrincipal: 'aether@FLEET.TEST',
          kerberosKeytab: new Secret('/nonexistent/aether.keytab'),
        },
      ],
    ])('uses the configured %s, and reports its problem', async (_, changes) => {
      const host = new ServedHost(new FakeHost('hv1', systemClock));
      const served = await serveHosts([host]);
      onTestFinished(() => served[Symbol.asyncDispose]());
      const endpoint = endpointAt(served.endpoints[0]?.address ?? '', 'kerberos');
      await expect(ask(endpoint, changes)).rejects.toMatchObject({
        code: 'access-denied',
        began: false,
        message: expect.stringContaining('no usable Kerberos credentials') as string,
        problem: 'no-credentials',
        remedy: expect.stringContaining('keytab or credential cache') as string,
      });
      expect(host.listener.traffic.requests).toBe(0);
    });
  },
);

describe('the connection to a host', () => {
  const account = { winrmUsername: 'operator', winrmPassword: new Secret('secret') };

  /** The first request to a host, as it goes over the wire. */
  async function firstRequest(
    changes: Partial<ReachSettings>,
    configuration: string | null = null,
  ): Promise<string> {
    const asked: string[] = [];
    const host = new ServedHost(new FakeHost('hv1', systemClock));
    const served = await serveHosts([host]);
    onTestFinished(() => served[Symbol.asyncDispose]());
    served.server.prependListener('request', (request) => {
      let text = '';
      request.on('data', (data: Buffer) => (text += data.toString('utf8')));
      request.on('end', () => asked.push(text));
    });
    const endpoint = endpointAt(served.endpoints[0]?.address ?? '', 'basic', configuration);
    await ask(endpoint, { ...account, ...changes }).catch(() => undefined);
    return asked[0] ?? '';
  }

  test('uses the configured endpoint configuration', async () => {
    const request = await firstRequest({}, 'Aether-V');
    expect(/ResourceURI[^>]*>([^<]*)</.exec(request)?.[1]).toBe(
      'http://schemas.microsoft.com/powershell/Aether-V',
    );
  });

  test('uses the configured limits', async () => {
    const request = await firstRequest({
      winrmOperationTimeout: 7,
      winrmIdleTimeout: 120,
      winrmMaxEnvelope: 200,
    });
    expect(/OperationTimeout>([^<]*)</.exec(request)?.[1]).toBe('PT7S');
    expect(/IdleTimeOut>([^<]*)</.exec(request)?.[1]).toBe('PT120S');
    expect(/MaxEnvelopeSize[^>]*>([^<]*)</.exec(request)?.[1]).toBe('204800');
  });

  test('names the shell after this installation', async () => {
    const request = await firstRequest({ serviceName: 'rack-7' });
    expect(request).toContain('>Aether-V:rack-7:');
  });
});

const hasPwsh = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const skipPwsh = !hasPwsh && !required.includes('pwsh');

describe.skipIf(skipPwsh)(`local:${skipPwsh ? ' (skipped: there is no pwsh)' : ''}`, () => {
  test('opens a session in a PowerShell process of this machine, which finds no agent here', async () => {
    const endpoint = hostEndpoint({ kind: 'local', address: 'local:' });
    await expect(ask(endpoint, { agentDeployment: 'preinstalled' })).rejects.toMatchObject({
      code: 'agent-missing',
      began: false,
    });
  }, 60_000);

  test('does not pass the service’s credentials to that process', async () => {
    for (const name of ['WINRM_PASSWORD', 'SERVICE_KEY', 'AUDIT_SIGNING_KEY']) vi.stubEnv(name, password);
    onTestFinished(() => void vi.unstubAllEnvs());
    const limits = transportLimits(reachSettings);
    const authenticators = new Authenticators(noCredentials);
    const options = { ...reachSettings, authenticators, runspaces: 1, limits };
    const transport = hostTransport({ kind: 'local', address: 'local:' }, options);
    await using pool = await RunspacePool.open(transport);
    const asked = pool.invoke({
      script: '"$env:HOME"; "[$env:WINRM_PASSWORD$env:SERVICE_KEY$env:AUDIT_SIGNING_KEY]"',
    });
    expect((await asked.collect()).output).toEqual([process.env['HOME'], '[]']);
  }, 60_000);
});

test('there is one authenticator per scheme and service principal name', () => {
  const secret = { winrmUsername: 'operator', winrmPassword: new Secret(password) };
  const all = new Authenticators({ ...noCredentials, ...secret, kerberosPrincipal: 'aether@FLEET.TEST' });
  const web = { service: 'HTTP', host: 'hv01.example.org' };
  const made = [
    all.of('basic'),
    all.of('ntlm'),
    all.of('kerberos'),
    all.of('kerberos', web),
    all.of('kerberos', { ...web, service: 'WSMAN' }),
  ];
  expect(new Set(made).size).toBe(5);
  expect([all.of('kerberos'), all.of('kerberos', { ...web })]).toEqual([made[2], made[3]]);
  expect(all.of('kerberos', { ...web })).toBe(made[3]);
  all.dispose();
});

test('credentials are discarded on dispose', async () => {
  await expect
    .poll(async () => Object.values(await outstanding()).every((count) => count === 0), { timeout: 10_000 })
    .toBe(true);
});
