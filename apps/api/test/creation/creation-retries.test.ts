import type { BulkAccepted, JobAccepted, Plan, Problem } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { hostResources } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const gibibyte = 1024 ** 3;
const body = {
  name: 'APP-07',
  host: 'hv1',
  networkAdapters: [{ network: 'servers', macAddress: null }],
  disks: [{ sizeBytes: 500 * gibibyte, type: 'Fixed' }],
};

let host: EquippedHost;
let service: TestApp;

beforeEach(async () => {
  const clock = new FakeClock();
  host = new EquippedHost('hv1', clock, ['hv1']);
  service = await startTestApp({ hosts: [host.host], clock });
});
afterEach(() => service.app.close());

/** Fails the creation of a VM. @returns The address of its retry. */
async function failedCreation(): Promise<string> {
  const { job } = (await service.post('/api/v1/vms', body)).json<JobAccepted>();
  await until(() => host.running.has(''));
  host.say('', { type: 'error', error: { code: 'conflict', message: 'No.', remedy: null } });
  await until(() => service.store.get('job', job.id)?.state === 'failed');
  return `/api/v1/jobs/${job.id}/retry`;
}

describe('the retry of a creation', () => {
  test('the retry of a creation sends the same request to the same host', async () => {
    const { job } = (await service.post(await failedCreation())).json<BulkAccepted>();
    expect(job).toMatchObject({ command: 'vm.create', title: 'Create APP-07 on HV1', hostId: 'hv1' });
    await until(() => host.asked('vm.create').length === 2);
    const [first, second] = host.asked('vm.create').map(({ request }) => request);
    expect(second).toEqual(first);
  });

  test('refuses the retry of a creation for which the host no longer has what is needed', async () => {
    const retry = await failedCreation();
    host.resources = hostResources({ networks: [] });
    const { status, code, detail } = (await service.post(retry)).json<Problem>();
    const message = expect.stringContaining('It has no network "servers".') as string;
    expect([status, code, detail]).toEqual([409, 'no-suitable-host', message]);
    const plan = (await service.post(`${retry}?dryRun=true`)).json<Plan>();
    expect(plan).toMatchObject({ ok: false, refusals: [{ code, message }] });
    expect(host.asked('vm.create')).toHaveLength(1);
  });

  test('a new creation counts the space that a retried creation will take', async () => {
    const retry = await failedCreation();
    expect((await service.post(retry)).statusCode).toBe(202);
    const refused = await service.post('/api/v1/vms', { ...body, name: 'APP-08' });
    expect(refused.json<Problem>()).toMatchObject({ code: 'no-suitable-host' });
    expect(refused.json<Problem>().detail).toContain('400 GB free; 500 GB are needed.');
  });

  test('refuses the retry of a creation with 503 while its host is unreachable', async () => {
    const retry = await failedCreation();
    host.host.fault = 'refuse';
    host.host.cut();
    await until(() => service.store.get('host', 'hv1')?.connection.state !== 'connected');
    expect((await service.post(retry)).json<Problem>()).toMatchObject({
      status: 503,
      code: 'host-unavailable',
    });
  });
});
