import {
  activityBlock,
  isActionAllowed,
  vmActionNames,
  vmActivities,
  vmActions,
  vmCommandNames,
  type Problem,
  type VmActivityKind,
} from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';
import { namedParts, sendVmRequest } from '../support/vm-requests.ts';

const vmId = guid(1);
let host: JobHost;
let app: TestApp;

beforeEach(async () => {
  const clock = new FakeClock();
  host = new JobHost('hv1', clock, 0);
  host.host.vms.set(vmId, vmFacts(vmId, { name: 'web1', ...namedParts }));
  app = await startTestApp({ hosts: [host.host], clock });
});

afterEach(() => app.app.close());

async function become(kind: VmActivityKind | null, state: 'Running' | 'Off' = 'Running'): Promise<void> {
  const activity = kind && { kind, percent: 45 };
  const startedAt = state === 'Off' ? null : '2026-01-01T00:00:00Z';
  host.host.setVm(vmFacts(vmId, { name: 'web1', ...namedParts, state, startedAt, activity }));
  await until(() => {
    const row = app.store.get('vm', vmId);
    return row?.state === state && (row.activity?.kind ?? null) === kind;
  });
}

const operations = (): string[] =>
  host.host.envelopes
    .map(({ op }) => op)
    .filter((op) => /^(vm|disk|dvd|adapter|checkpoint|cluster)\./.test(op));

describe.each(['Running', 'Off'] as const)('a VM that is %s', (state) => {
  test.each(vmActivities)(
    'refuses the commands that %s blocks with 409, the activity and the reason',
    async (kind) => {
      await become(kind, state);
      for (const command of vmCommandNames) {
        const block = activityBlock(command, { activity: { kind } });
        if (block === null) continue;
        const answer = await sendVmRequest(app, vmId, command);
        const problem = answer.json<Problem>();
        expect([command, answer.statusCode, problem.code]).toEqual([command, 409, 'wrong-state']);
        expect(problem).toMatchObject({ state, activity: kind });
        expect(problem.detail).toContain(block.reason);
      }
      expect(operations()).toEqual([]);
      const possible = vmActionNames.find(
        (name) =>
          isActionAllowed(name, { state, critical: false }) &&
          !activityBlock(vmActions[name].op, { activity: { kind } }),
      );
      if (possible === undefined) return;
      expect((await app.post(`/api/v1/vms/${vmId}/${possible}`)).statusCode).toBe(202);
      await until(() => operations().includes(`vm.${possible}`));
    },
  );
});

test.each(['MergingDisks', 'BackingUp'] as const)('a VM is turned off during %s', async (kind) => {
  await become(kind);
  expect((await app.post(`/api/v1/vms/${vmId}/stop`)).statusCode).toBe(202);
  await until(() => operations().includes('vm.stop'));
});

test('a VM is turned off once its migration has ended', async () => {
  await become('Migrating');
  expect((await app.post(`/api/v1/vms/${vmId}/stop`)).statusCode).toBe(409);
  await become(null);
  expect((await app.post(`/api/v1/vms/${vmId}/stop`)).statusCode).toBe(202);
});
