import type { AgentLine } from '@aether-v/types';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fleetOf, small } from './conformance/worlds.ts';
import { skip, skipReason } from './support/pwsh.ts';
import { itemsOf, RawHost } from './support/raw-host.ts';

const unavailable = { type: 'error', error: { code: 'hyperv-unavailable' } };

describe.skipIf(skip)(`a host whose Hyper-V does not answer${skipReason}`, { timeout: 300_000 }, () => {
  let host: RawHost;

  beforeAll(async () => {
    host = await RawHost.open(
      fleetOf([
        small('A', { disksGb: [10] }),
        small('B'),
        small('CP', { disksGb: [10], checkpoints: [{ name: 'first', ageHours: 1 }] }),
      ]),
    );
  }, 120_000);

  afterEach(() => host.restore());

  afterAll(() => host[Symbol.asyncDispose]());

  const requests = (): readonly (readonly [string, unknown])[] => {
    const { vmId, disks } = host.vm('A');
    const { vmId: withCheckpoint, checkpoints } = host.vm('CP');
    const checkpointId = checkpoints[0]?.id;
    return [
      ['inventory', {}],
      ['watch', { usageSeconds: null, reconcileSeconds: 300 }],
      ['vm.start', { vmId }],
      ['vm.stop', { vmId }],
      ['vm.update', { vmId, changes: { processors: 2 } }],
      ['vm.delete', { vmId, name: 'A', deleteDisks: false, force: false, keep: [] }],
      ['disk.detach', { vmId, diskId: disks[0]?.id, path: disks[0]?.path }],
      ['checkpoint.list', { vmId: withCheckpoint }],
      ['checkpoint.create', { vmId: withCheckpoint, name: null }],
      ['checkpoint.apply', { vmId: withCheckpoint, checkpointId, force: false }],
      ['checkpoint.rename', { vmId: withCheckpoint, checkpointId, name: 'second' }],
    ];
  };

  test.each(['Stopped', 'Start Pending'] as const)(
    'says so while vmms is %s, whatever it is asked',
    async (state) => {
      host.bridge.managementService = state;
      for (const [op, request] of requests()) {
        const lines = await host.call(op, request);
        expect([op, lines.at(-1)]).toMatchObject([op, unavailable]);
        expect(itemsOf(lines).filter(({ kind }) => kind !== 'host' && kind !== 'cluster')).toEqual([]);
      }
    },
  );

  test('no VM is reported as removed when vmms stops in a watch', async () => {
    let looks = 0;
    host.whenWaiting = () => {
      if (++looks === 3) host.bridge.managementService = 'Stopped';
    };
    const lines = await host.call('watch', { usageSeconds: null, reconcileSeconds: 300 }, 120);
    expect(lines.at(-1)).toMatchObject(unavailable);
    expect(itemsOf(lines).map(({ kind }) => kind)).not.toContain('vm-removed');
  });

  test('no VM is reported as removed when one look of a watch comes back empty', async () => {
    let looks = 0;
    host.whenWaiting = () => {
      looks++;
    };
    let asked = 0;
    host.bridge.distort = (className, rows) =>
      looks === 3 && className === 'Msvm_SummaryInformation' && asked++ === 0 ? [] : rows;
    const lines = await host.call('watch', { usageSeconds: null, reconcileSeconds: 300 }, 20);
    expect(asked).toBeGreaterThan(0);
    expect(itemsOf(lines).map(({ kind }) => kind)).not.toContain('vm-removed');
  });

  test('a start during which vmms restarts and loses its job ends as the VM does', async () => {
    const { vmId } = host.vm('B');
    let waits = 0;
    host.whenWaiting = () => {
      waits++;
      if (waits === 2) host.bridge.managementService = 'Stopped';
      if (waits === 40) host.bridge.managementService = 'Running';
    };
    const lines: AgentLine[] = await host.call('vm.start', { vmId });
    expect(lines).toContainEqual(expect.objectContaining({ message: 'Waiting for Hyper-V to respond' }));
    expect(lines.at(-1)).toMatchObject({ type: 'result', result: { state: 'Running' } });
  });
});
