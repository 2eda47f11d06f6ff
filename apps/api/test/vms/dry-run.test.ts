import { vmCommandNames, type Plan } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { clusteredVm, guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { namedParts, sendVmRequest } from '../support/vm-requests.ts';

let host: EquippedHost;
let service: TestApp;

beforeAll(async () => {
  const clock = new FakeClock();
  host = new EquippedHost('hv1', clock, ['hv1']);
  host.host.vms.set(guid(1), clusteredVm(guid(1), 'hv1', { name: 'web1', ...namedParts }));
  service = await startTestApp({ hosts: [host.host], clock });
});

afterAll(() => service.app.close());

/** What the host was asked, apart from reads of the inventory. */
const checked = (): string[] =>
  host.asked('operation.check').map(({ request }) => (request as { op: string }).op);

async function expectOnlyPlan(sent: ReturnType<TestApp['post']>, command: string): Promise<void> {
  const response = await sent;
  expect([command, response.statusCode, response.headers['location']]).toEqual([command, 200, undefined]);
  expect(response.json<Plan>()).toMatchObject({ command, hostId: 'hv1' });
  expect([...service.store.rows('job').values()]).toEqual([]);
  expect(service.audit.entries).toEqual([]);
}

describe('a dry run', () => {
  test.each(vmCommandNames)(
    'of %s answers with a plan, and creates no job and no audit record',
    async (command) => {
      await expectOnlyPlan(sendVmRequest(service, guid(1), command, {}, { dryRun: true }), command);
      expect(checked().length).toBeGreaterThan(0);
    },
  );

  test('of a connection test and of a creation does the same', async () => {
    await expectOnlyPlan(service.post('/api/v1/hosts/hv1/test?dryRun=true'), 'host.test');
    const body = { name: 'APP-07' };
    await expectOnlyPlan(service.post('/api/v1/vms?dryRun=true', body), 'vm.create');
    await expectOnlyPlan(service.post('/api/v1/vms/create?dryRun=true', body), 'vm.create');
  });

  test('lists the causes of service and host if they have the same code', async () => {
    const conflict = { code: 'conflict', message: 'Its folder has other files.', remedy: null } as const;
    host.refusals = [conflict];
    const plan = await service.delete(`/api/v1/vms/${guid(1)}`, { name: 'web2', force: true, dryRun: true });
    host.refusals = [];
    expect(plan.json<Plan>().refusals.map(({ message }) => message)).toEqual([
      `The VM ${guid(1)} is named "web1", not "web2".`,
      'Its folder has other files.',
    ]);
  });

  test('has the reason of the host for a state, in place of that of the service', async () => {
    host.refusals = [{ code: 'wrong-state', message: 'The VM is Running now.', remedy: null }];
    const plan = await service.post(`/api/v1/vms/${guid(1)}/start?dryRun=true`);
    host.refusals = [];
    expect(plan.json<Plan>().refusals.map(({ message }) => message)).toEqual(['The VM is Running now.']);
  });

  test.each(['dryRun=maybe', 'dryrun=true', 'dry-run=true'])(
    'is not mistaken for a command (%s)',
    async (query) => {
      const response = await service.post(`/api/v1/vms/${guid(1)}/stop?${query}`);
      expect(response.statusCode).toBe(422);
      expect([...service.store.rows('job').values()]).toEqual([]);
    },
  );
});
