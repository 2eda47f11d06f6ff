import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  basic,
  RunspacePool,
  wsmanTransport,
  type Authenticator,
  type TlsOptions,
} from '@aether-v/psrp/client';
import { kerberos, ntlm } from '@aether-v/psrp/gssapi';
import { Kdc, missingParts, kdcRealm } from '@aether-v/psrp/testing/kdc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFleet, type FleetOptions, type SimulatedFleet } from '../src/fleet/index.ts';
import { envelope, parseLine } from './conversation.ts';
import { smallFleetSpec } from './small-fleet.ts';

const missing = missingParts();
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('kdc');
const skip = missing.length > 0 && !required;
const skipReason = skip ? ` (skipped: ${missing.join(', ')} not installed)` : '';

const account = { username: 'admin', password: 'secret' };
const pem = (name: string) =>
  readFile(new URL(`../../psrp/testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const tls = { key: await pem('key'), cert: await pem('cert') };

function start(options: Partial<FleetOptions>): Promise<SimulatedFleet> {
  return startFleet({ ...account, fleet: smallFleetSpec, ...options });
}

/** Asks the first host who it is, and hears it from the agent. */
async function hostAsked(
  fleet: SimulatedFleet,
  authenticator: Authenticator,
  trust?: TlsOptions,
): Promise<string> {
  const [url = ''] = fleet.hostUrls;
  await using pool = await RunspacePool.open(
    wsmanTransport({ url, authenticator, ...(trust && { tls: trust }) }),
  );
  const parameters = { Request: envelope('agent.info') };
  const { output } = await pool.invoke({ command: 'Invoke-AetherVOperation', parameters }).collect();
  const line = parseLine(output.at(-1));
  return line.type === 'result' ? (line.result as { hostId: string }).hostId : line.type;
}

test('a fleet over HTTPS is reachable for clients that trust its certificate', async () => {
  await using fleet = await start({ tls, hostname: 'localhost' });
  expect(fleet.hostUrls[0]).toMatch(/^https:\/\/localhost:\d+\/hosts\/n1\/wsman$/);
  const credentials = basic(account.username, account.password);
  expect(await hostAsked(fleet, credentials, { ca: tls.cert })).toBe('n1');
  await expect(hostAsked(fleet, credentials)).rejects.toMatchObject({ code: 'tls' });
});

describe.skipIf(skip)(`a fleet that requires Negotiate${skipReason}`, () => {
  let kdc: Kdc;
  let folder: string;
  let client: string;
  let hosts: string;

  beforeAll(async () => {
    kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    client = await kdc.principal('svc');
    hosts = await kdc.principal('WSMAN/localhost');
    folder = await mkdtemp(join(tmpdir(), 'fleet-'));
    process.env['NTLM_USER_FILE'] = join(folder, 'users');
    await writeFile(join(folder, 'users'), 'WORKGROUP:operator:secret\n');
  });
  afterAll(async () => {
    await kdc.stop();
    await rm(folder, { recursive: true });
  });

  const kerberosIdentity = () => kerberos({ principal: `svc@${kdcRealm}`, keytab: client });
  const ntlmIdentity = (password = 'secret') => ntlm({ user: 'WORKGROUP\\operator', password });

  test.each([
    ['HTTP, sealed', undefined],
    ['HTTPS', tls],
  ])('accepts Kerberos over %s, and refuses Basic and NTLM', async (_, files) => {
    await using fleet = await start({
      negotiate: { keytab: hosts },
      hostname: 'localhost',
      ...(files && { tls: files }),
    });
    const trust = files && { ca: files.cert };
    const identity = kerberosIdentity();
    const stranger = ntlmIdentity();
    expect(await hostAsked(fleet, identity, trust)).toBe('n1');
    const denied = { code: 'access-denied' };
    const credentials = basic(account.username, account.password);
    await expect(hostAsked(fleet, credentials, trust)).rejects.toMatchObject(denied);
    await expect(hostAsked(fleet, stranger, trust)).rejects.toMatchObject(denied);
    identity.dispose();
    stranger.dispose();
  });

  test('accepts NTLM, and refuses Basic and a wrong password', async () => {
    await using fleet = await start({ negotiate: { ntlm: true } });
    const identity = ntlmIdentity();
    const wrong = ntlmIdentity('guess');
    expect(await hostAsked(fleet, identity)).toBe('n1');
    const denied = { code: 'access-denied' };
    await expect(hostAsked(fleet, wrong)).rejects.toMatchObject(denied);
    const credentials = basic(account.username, account.password);
    await expect(hostAsked(fleet, credentials)).rejects.toMatchObject(denied);
    identity.dispose();
    wrong.dispose();
  });
});
