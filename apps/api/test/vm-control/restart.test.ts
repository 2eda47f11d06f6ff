import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { clockToken } from '../../src/common/clock.token.ts';
import { agentConnectorToken } from '../../src/fleet.module.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { AuditFolder, trailTo } from '../support/audit-files.ts';
import { ControlService, signer, signing } from '../support/control-service.ts';
import { fakeConnector } from '../support/fake-agents.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { signed1 } from '../support/signer.ts';
import { testConfig, until } from '../support/test-app.ts';

let folder: AuditFolder;
let clock: FakeClock;
let fleet: ControlService;
let app: NestFastifyApplication;

beforeEach(() => {
  folder = new AuditFolder();
  clock = new FakeClock(Date.UTC(2026, 10, 30, 12));
  fleet = new ControlService(clock);
});
afterEach(async () => {
  await app.close();
  folder[Symbol.dispose]();
});

/** Starts the service with a real audit file. */
async function start(environment: Record<string, string> = { LOG_DIR: folder.path }): Promise<void> {
  const config = testConfig({
    HYPERV_HOSTS: fleet.hosts.map(({ endpoint }) => endpoint.address).join(','),
    WINRM_ALLOW_PLAIN_HTTP: 'true',
    WINRM_USERNAME: 'aether',
    WINRM_PASSWORD: 's3cret',
    ...signing,
    ...environment,
  });
  app = await createApp(config, {
    replacements: [
      // As the service does with LOG_DIR, but not to standard output as well.
      { provide: AuditLog, useValue: trailTo(folder.file, { clock }) },
      { provide: clockToken, useValue: clock },
      { provide: agentConnectorToken, useValue: fakeConnector(fleet.hosts) },
    ],
  });
  app.get(AuditLog).start();
  const store = app.get(FleetStore);
  await until(() => [1, 2, 3, 4].every((at) => store.get('vm', guid(at)) !== undefined));
}

async function post(url: string, headers: Record<string, string>): Promise<number | string> {
  const response = await app.inject({ method: 'POST', url, headers, payload: '{}' });
  const { code, detail } = response.json<{ code?: string; detail?: string }>();
  return code === 'signature-used' ? `${code}: ${detail ?? ''}` : response.statusCode;
}

function headersOf(secondsAgo = 0): Record<string, string> {
  return signed1(signer, '{}', fleet.stamp(-secondsAgo));
}

async function restartAfter(seconds: number, environment?: Record<string, string>): Promise<void> {
  await app.close();
  await clock.advance(seconds * 1000);
  await start(environment);
}

describe('after a restart', () => {
  test('refuses a signature that was used before the restart, and accepts an unused one of that time', async () => {
    await start();
    // An hour earlier the file begins, so that it covers the last ten minutes.
    await clock.advance(3_600_000);
    const used = headersOf();
    const unused = headersOf();
    expect(await post('/vm/web01/start', used)).toBe(200);
    await restartAfter(20);
    expect(await post('/vm/db%2001/shutdown', used)).toMatch(/signature-used: The signature was used before/);
    expect(await post('/vm/db%2001/shutdown', unused)).toBe(200);
    expect(fleet.asked).toEqual(['vm.start web01@hv01', 'vm.shutdown db 01@hv01 force']);
    expect((await folder.verify()).code).toBe(0);
  });

  test('the list of before has used its signature as well', async () => {
    await start();
    await clock.advance(3_600_000);
    const headers = signed1(signer, '', fleet.stamp());
    expect((await app.inject({ method: 'GET', url: '/vm/list', headers })).statusCode).toBe(200);
    await restartAfter(5);
    expect(await post('/vm/web01/start', headers)).toBe(401);
    expect((await app.inject({ method: 'GET', url: '/vm/list', headers })).statusCode).toBe(200);
  });

  test('with the scope target, a signature is used for its VM and action', async () => {
    const environment = { LOG_DIR: folder.path, HMAC_REPLAY_SCOPE: 'target' };
    await start(environment);
    await clock.advance(3_600_000);
    const headers = headersOf();
    expect(await post('/vm/web01/start', headers)).toBe(200);
    await restartAfter(5, environment);
    expect(await post('/vm/web01/start', headers)).toMatch(/signature-used/);
    expect(await post('/vm/db%2001/shutdown', headers)).toBe(200);
  });

  test.each([
    ['without LOG_DIR', {}],
    ['with an audit file that changes do not wait for', { AUDIT_REQUIRED: 'stdout' }],
  ])('%s, changes that were signed before the start are refused', async (_, more) => {
    const environment = 'AUDIT_REQUIRED' in more ? { LOG_DIR: folder.path, ...more } : more;
    await start(environment);
    await clock.advance(3_600_000);
    const headers = headersOf();
    await restartAfter(5, environment);
    expect(await post('/vm/web01/start', headers)).toMatch(/signature-used: .*before the service started/);
    expect(await post('/vm/web01/start', headersOf())).toBe(200);
  });

  test('changes that were signed before the first record of the audit file are refused', async () => {
    await start();
    const before = headersOf(1);
    const after = headersOf(-1);
    await restartAfter(30);
    expect(await post('/vm/web01/start', before)).toMatch(/signature-used: .*before the service started/);
    expect(await post('/vm/web01/start', after)).toBe(200);
  });
});
