import type { FleetSpec } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Job, JobList } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, startProcess } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';
import { hostSpec, vmSpec } from './support/hosts.ts';

const password = 's3cret';

const spec: FleetSpec = {
  clusters: [],
  hosts: ['N1', 'N2', 'N3'].map((name) => ({ ...hostSpec, name, cluster: null })),
  networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' } },
  vms: { N1: [vmSpec('ONE')], N2: [vmSpec('TWO')], N3: [vmSpec('THREE')] },
};

let fleet: SimulatedFleet;

beforeAll(async () => {
  fleet = await startFleet({ username: 'aether-v', password, fleet: spec });
});
afterAll(async () => {
  await fleet.close();
});

/** The states of the three VMs on their hosts. */
const states = (): (string | undefined)[] => ['n1', 'n2', 'n3'].map((id) => fleet.engine.vms(id)[0]?.state);

test('a service that is killed after the first of three children continues with the others', async () => {
  const settings = {
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    WINRM_ALLOW_PLAIN_HTTP: 'true',
    SERVICE_KEY: 'the same key for both starts of the service',
  };
  const entry = 'apps/api/test/support/run-parent-service.ts';
  const first = await startProcess(
    ['--conditions=@aether-v/source', entry],
    { PORT: String(await freePort()), PARENT_VMS: 'ONE,TWO,THREE', ...settings },
    (line) => /^parent (\S+)/.exec(line)?.[1],
  );
  const parentId = first.ready;
  await until('the first child has started its VM', () => Promise.resolve(states()[0] === 'Running'));
  await first.stop('SIGKILL');
  expect(states()[2]).toBe('Off');

  await using second = await startService(settings);
  await until('the parent has succeeded', async () => {
    const { items } = await ask<JobList>(second, '/jobs');
    return items.some(({ id, state }) => id === parentId && state === 'succeeded');
  });
  expect(states()).toEqual(['Running', 'Running', 'Running']);
  const parent = await ask<Job>(second, `/jobs/${parentId}`);
  expect(parent).toMatchObject({
    title: 'Start 3 VMs',
    actor: 'Local administrator',
    source: 'service',
    children: { total: 3, succeeded: 3 },
  });
  const { items } = await ask<JobList>(second, `/jobs?parentId=${parentId}`);
  expect(items.map(({ step }) => step?.number).sort()).toEqual([1, 2, 3]);
});
