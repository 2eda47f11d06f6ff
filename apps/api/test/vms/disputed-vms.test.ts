import type { Host, Vm } from '@aether-v/types';
import { afterEach, describe, expect, test } from 'vitest';
import { clusteredVm, clusterFacts, guid, vmFacts } from '../support/facts.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const cluster = guid(0xc1);
const vm = guid(1);
let app: TestApp | undefined;

afterEach(() => app?.app.close());

function makeHosts(...names: string[]): { clock: FakeClock; hosts: FakeHost[] } {
  const clock = new FakeClock();
  return { clock, hosts: names.map((name) => new FakeHost(name, clock)) };
}

const stopped = (hosts: readonly FakeHost[]): string[] =>
  hosts.filter(({ envelopes }) => envelopes.some(({ op }) => op === 'vm.stop')).map(({ hostId }) => hostId);

const row = async <T>(path: string): Promise<T> => (await (app as TestApp).get(`/api/v1/${path}`)).json<T>();

describe('a stand-alone host that claims a clustered VM and its cluster', () => {
  test('receives no action: the node that has the VM does, and the claimed row is refused with 409', async () => {
    const { clock, hosts } = makeHosts('evil', 'hv1', 'hv2');
    const [evil, hv1, hv2] = hosts as [FakeHost, FakeHost, FakeHost];
    for (const node of [hv1, hv2]) node.cluster = clusterFacts(cluster, ['hv1', 'hv2']);
    hv1.setVm(clusteredVm(vm, 'hv1'));
    app = await startTestApp({ hosts, clock });
    evil.setVm(clusteredVm(vm, 'evil'));
    evil.setCluster(clusterFacts(cluster, ['evil', 'hv1', 'hv2']));
    await until(() => app?.store.get('vm', `${vm}@evil`)?.conflict !== null);

    expect((await app.post(`/api/v1/vms/${vm}/stop`)).statusCode).toBe(202);
    await until(() => stopped(hosts).length > 0);
    expect(stopped(hosts)).toEqual(['hv1']);
    for (const action of ['/stop', '/start', '']) {
      const url = `/api/v1/vms/${vm}@evil${action}`;
      const answer = await (action === '' ? app.delete(url, { name: 'VM-0001' }) : app.post(url));
      expect([action, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        action,
        409,
        'disputed',
      ]);
    }
    expect(stopped(hosts)).toEqual(['hv1']);
    expect((await row<Host>('hosts/evil')).conflict).toMatchObject({
      code: 'cluster-membership',
      hostIds: ['hv1', 'hv2'],
    });
    expect((await row<Vm>(`vms/${vm}@evil`)).conflict).toMatchObject({ code: 'cluster-membership' });
  });
});

describe('a host that reports the id of another one', () => {
  test('that is unreachable gets neither its row nor its VMs, and is shown as a conflict', async () => {
    const { clock, hosts } = makeHosts('hv1', 'evil');
    const [hv1, evil] = hosts as [FakeHost, FakeHost];
    hv1.setVm(vmFacts(vm));
    app = await startTestApp({ hosts, clock });
    hv1.fault = 'refuse';
    hv1.cut();
    await clock.advance(60_000);
    evil.hostId = 'hv1';
    evil.setVm(vmFacts(vm));
    evil.cut();
    await clock.advance(120_000);
    expect(await row<Host>('hosts/hv1')).toMatchObject({
      address: hv1.endpoint.address,
      connection: { state: 'unreachable' },
      conflict: null,
    });
    expect(await row<Host>('hosts/evil')).toMatchObject({
      connection: { state: 'unreachable' },
      conflict: { code: 'host-id', hostIds: ['hv1'] },
    });
    expect((await row<Vm>(`vms/${vm}`)).hostId).toBe('hv1');
    await app.post(`/api/v1/vms/${vm}/stop`);
    await clock.advance(1000);
    expect(stopped(hosts)).toEqual([]);
  });

  test('that never responded since the start gets neither', async () => {
    const { clock, hosts } = makeHosts('hv1', 'evil');
    const [hv1, evil] = hosts as [FakeHost, FakeHost];
    hv1.fault = 'refuse';
    evil.hostId = 'hv1';
    evil.fault = 'refuse';
    evil.setVm(vmFacts(vm));
    app = await startTestApp({ hosts, clock });
    evil.fault = undefined;
    await clock.advance(120_000);
    expect(app.store.get('host', 'hv1')).toBeUndefined();
    expect(app.store.get('vm', vm)).toBeUndefined();
    expect([...app.store.rows('host').values()].map(({ conflict }) => conflict?.code)).toEqual([
      undefined,
      'host-id',
    ]);
    hv1.fault = undefined;
    await clock.advance(120_000);
    expect(await row<Host>('hosts/hv1')).toMatchObject({
      address: hv1.endpoint.address,
      connection: { state: 'connected' },
    });
  });

  test('without a proof by either address leaves both rows in conflict, and actions are refused', async () => {
    const { clock, hosts } = makeHosts('10.0.0.1', '10.0.0.2');
    const [hv1, evil] = hosts as [FakeHost, FakeHost];
    hv1.hostId = 'hv1';
    hv1.setVm(vmFacts(vm));
    evil.hostId = 'hv1';
    evil.fault = 'refuse';
    app = await startTestApp({ hosts, clock });
    evil.fault = undefined;
    await clock.advance(120_000);
    expect((await row<Host>('hosts/hv1')).conflict).toMatchObject({ code: 'host-id' });
    expect((await app.post(`/api/v1/vms/${vm}/stop`)).json<{ code: string }>().code).toBe('disputed');
    evil.hostId = 'hv2';
    await clock.advance(120_000);
    expect((await row<Host>('hosts/hv1')).conflict).toBeNull();
    expect((await app.post(`/api/v1/vms/${vm}/stop`)).statusCode).toBe(202);
  });
});
