import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { About, Diagnostics, OssLicenses, type JobAccepted } from '@aether-v/types';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const password = 'a password that must not be told';
const root = join(import.meta.dirname, '../../../..');

let clock: FakeClock;
let hv: JobHost;
let lost: JobHost;
let service: TestApp;

/** A host with six VMs, and one that refuses connections. */
beforeEach(async () => {
  clock = new FakeClock();
  hv = new JobHost('hv01', clock, 6);
  lost = new JobHost('hv02', clock, 0);
  lost.host.fault = 'refuse';
  service = await startTestApp({
    hosts: [hv.host, lost.host],
    clock,
    environment: { WINRM_PASSWORD: password, SERVICE_KEY: `${password}, nor this key` },
  });
});
afterEach(() => service.app.close());

async function diagnostics(): Promise<Diagnostics> {
  const response = await service.get('/api/v1/diagnostics');
  expect(response.statusCode, response.body).toBe(200);
  const read = response.json<Diagnostics>();
  expect(Check(Diagnostics, read)).toBe(true);
  return read;
}

describe('the page about the service', () => {
  test('GET /about states the versions of the service, its agent and Node, and when it started', async () => {
    const startedAt = new Date(clock.now()).toISOString();
    const about = (await service.get('/api/v1/about')).json<About>();
    expect(Check(About, about)).toBe(true);
    const psd1 = readFileSync(
      join(root, 'packages/host-agent/module/AetherV.HostAgent/AetherV.HostAgent.psd1'),
      'utf8',
    );
    expect(/ModuleVersion += '([^']+)'/.exec(psd1)?.[1]).toBe(about.agentVersion);
    expect(about).toMatchObject({
      product: 'Aether-V',
      licence: 'Apache-2.0',
      nodeVersion: process.versions.node,
      contractVersion: 2,
    });
    expect(Date.parse(about.startedAt)).toBeLessThanOrEqual(Date.parse(startedAt));
  });
});

describe('the licences of the packages', () => {
  test('GET /oss-licenses names every direct dependency of the service and the console, with its text', async () => {
    const licenses = (await service.get('/api/v1/oss-licenses')).json<OssLicenses>();
    expect(Check(OssLicenses, licenses)).toBe(true);
    const names = new Set(licenses.packages.map(({ name }) => name));
    for (const app of ['api', 'web']) {
      const manifest = JSON.parse(readFileSync(join(root, 'apps', app, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      const direct = Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@aether-v/'));
      expect(direct.filter((name) => !names.has(name))).toEqual([]);
    }
    expect(names).not.toContain('vitest');
    const fastify = licenses.packages.find(({ name }) => name === 'fastify');
    expect(licenses.texts[fastify?.texts[0] ?? -1]).toContain('MIT License');
    expect(new Set(licenses.texts).size).toBe(licenses.texts.length);
  });
});

describe('the diagnostics', () => {
  test('the diagnostics show the session, circuit breaker and agent of each host', async () => {
    const { hosts } = await diagnostics();
    expect(hosts).toMatchObject([
      { id: 'hv01', session: 'open', breaker: { state: 'closed', failures: 0 }, errorCode: null },
      {
        id: null,
        name: 'hv02',
        session: 'none',
        state: 'unreachable',
        errorCode: 'host-unreachable',
        agentVersion: null,
      },
    ]);
    expect(hosts[0]?.agentVersion).toMatch(/^\d/);
    expect(hosts[1]?.breaker.failures).toBeGreaterThan(0);
  });

  test('the diagnostics count the running and waiting jobs of each host', async () => {
    for (let at = 1; at <= 6; at += 1) await service.post(`/api/v1/vms/${guid(at)}/start`);
    await until(() => hv.running.size === 4);
    const { hosts, stores, limits } = await diagnostics();
    expect(hosts[0]?.jobs).toEqual({ running: 4, waiting: 2 });
    expect(hosts[0]?.operations.taken).toBe(4);
    expect(limits.trusted.operations.taken).toBe(4);
    expect(stores).toMatchObject({ rows: { hosts: 2, vms: 6, jobs: 6 }, jobRequests: { jobs: 6 } });
  });

  test('the diagnostics measure memory, uptime and the event loop', async () => {
    await clock.advance(90_000);
    const { uptimeSeconds, memory, eventLoop, takenAt } = await diagnostics();
    expect(uptimeSeconds).toBeGreaterThanOrEqual(90);
    expect(memory.rssBytes).toBeGreaterThan(memory.heapUsedBytes / 2);
    expect(eventLoop.maxMs).toBeGreaterThanOrEqual(eventLoop.p99Ms);
    expect(takenAt).toBe(new Date(clock.now()).toISOString());
  });

  test('the diagnostics measure a blocked event loop', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const until250 = Date.now() + 250;
    while (Date.now() < until250);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await diagnostics()).eventLoop.maxMs).toBeGreaterThan(200);
  });

  test('the diagnostics count job logs, idempotency keys and tombstones', async () => {
    const start = await service.post(`/api/v1/vms/${guid(1)}/start`, {}, { 'idempotency-key': 'k' });
    await until(() => hv.running.has(guid(1)));
    hv.say(guid(1), { type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: 'Hello.' });
    hv.host.vms.delete(guid(6));
    hv.host.tell({ kind: 'vm-removed', vmId: guid(6) });
    const { id } = start.json<JobAccepted>().job;
    await until(() => (service.store.get('job', id)?.log.length ?? 0) > 0);
    await until(() => service.store.get('vm', guid(6)) === undefined);
    const { stores } = await diagnostics();
    expect(stores).toMatchObject({ jobLogs: { jobs: 1 }, idempotencyKeys: 1, rows: { vms: 5 } });
    expect(stores.tombstones).toBeGreaterThan(0);
    expect(stores.jobLogs.bytes).toBeGreaterThan(0);
  });

  test('the diagnostics contain no secret and no address', async () => {
    const { body } = await service.get('/api/v1/diagnostics');
    for (const secret of [password, 'correct horse', 'wsman', '5985', 'http'])
      expect(body).not.toContain(secret);
  });
});
