import { afterEach, beforeEach, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const name = `it's "one" and the same`;
let hosts: readonly [JobHost, JobHost];
let service: TestApp;

beforeEach(async () => {
  const clock = new FakeClock();
  hosts = [new JobHost('hv01', clock, 0), new JobHost('hv02', clock, 0)];
  const off = { name, state: 'Off', startedAt: null } as const;
  for (const at of [1, 2]) hosts[0].host.vms.set(guid(at), vmFacts(guid(at), off));
  hosts[1].host.vms.set(guid(3), vmFacts(guid(3), off));
  service = await startTestApp({ hosts: hosts.map(({ host }) => host), clock });
});

afterEach(() => service.app.close());

test('VMs with the same name have separate rows, and an action reaches the right one', async () => {
  const { items } = (await service.get('/api/v1/vms')).json<{ items: { id: string; name: string }[] }>();
  expect(items.map((vm) => [vm.id, vm.name])).toEqual([1, 2, 3].map((at) => [guid(at), name]));
  expect((await service.post(`/api/v1/vms/${guid(2)}/start`)).statusCode).toBe(202);
  expect((await service.delete(`/api/v1/vms/${guid(3)}`, { name })).statusCode).toBe(202);
  await until(() => hosts[0].running.has(guid(2)) && hosts[1].running.has(guid(3)));
  expect([...hosts[0].running.keys(), ...hosts[1].running.keys()]).toEqual([guid(2), guid(3)]);
  for (const { host } of hosts) {
    const asked = host.envelopes.filter(({ op }) => op === 'vm.start');
    expect(asked.every(({ request }) => !JSON.stringify(request).includes('same'))).toBe(true);
  }
});
