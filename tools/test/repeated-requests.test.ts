import { parametricFleet } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Host, JobAccepted } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';

const password = 'repeated-requests';

let fleet: SimulatedFleet;
let settings: Record<string, string>;
let service: Running<string>;
let vmId: string;
/** How often the VM began to start. */
let starts = 0;

beforeAll(async () => {
  const hosts = parametricFleet({ hosts: 1, vmsPerHost: 0, hostsPerCluster: 1 });
  fleet = await startFleet({ username: 'aether-v', password, fleet: hosts });
  const hostId = fleet.hosts[0]?.hostId ?? '';
  ({ vmId } = fleet.engine.createVm(hostId, { name: 'KEYED', role: 'utility', state: 'Off', memoryGb: 1 }));
  let before = 'Off';
  fleet.engine.subscribe(() => {
    const state = fleet.engine.vm(hostId, vmId)?.state ?? 'Off';
    if (state === 'Starting' && before !== 'Starting') starts += 1;
    before = state;
  });
  settings = {
    PORT: String(await freePort()),
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
  };
  service = await startService(settings);
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await fleet.close();
});

const start = (): Promise<Response> =>
  fetch(new URL(`/api/v1/vms/${vmId}/start`, service.ready), {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'order-0001' },
    signal: AbortSignal.timeout(20_000),
  });

async function restart(): Promise<void> {
  await service.stop('SIGKILL');
  service = await startService(settings);
}

/** Returns the id of the responding job; waits while the service reports that it cannot know yet. */
async function jobOfStart(): Promise<string> {
  let response = await start();
  for (let tries = 0; response.status === 503 && tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    response = await start();
  }
  const body = await response.text();
  expect(response.status, body).toBe(202);
  return (JSON.parse(body) as JobAccepted).job.id;
}

test('after a restart the service answers a repeated request with the same job and does not start the VM again', async () => {
  await until('the host is read', async () => {
    const { items } = await ask<{ items: Host[] }>(service, '/hosts');
    return items.every(({ vmCount }) => vmCount === 1);
  });
  const jobId = await jobOfStart();
  await until('the VM starts', () => Promise.resolve(starts === 1));
  await restart();
  expect(await jobOfStart()).toBe(jobId);

  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('The fleet has no host.');
  fleet.setFault(host.hostId, { kind: 'refuse' });
  await restart();
  const refused = await start();
  expect(refused.status, await refused.clone().text()).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  fleet.setFault(host.hostId, null);
  expect(await jobOfStart()).toBe(jobId);
  expect(starts).toBe(1);
}, 180_000);
