import type { VmSpec } from '@aether-v/hyperv-sim/engine';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fleetOf, small } from './conformance/worlds.ts';
import { skip, skipReason } from './support/pwsh.ts';
import { RawHost, sends } from './support/raw-host.ts';

const vms: readonly VmSpec[] = [
  small('A', { state: 'Running' }),
  small('B', { state: 'Running' }),
  small('OFF'),
];

describe.skipIf(skip)(
  `what a host says, by the numbers that Windows sends${skipReason}`,
  { timeout: 300_000 },
  () => {
    let host: RawHost;

    beforeAll(async () => {
      host = await RawHost.open(fleetOf(vms));
    }, 120_000);

    afterEach(() => host.restore());

    afterAll(() => host[Symbol.asyncDispose]());

    test.each([
      [{ EnabledState: 32781 }, { state: 'ForceShutdown', critical: false, health: 'Ok' }],
      [{ EnabledState: 32782 }, { state: 'ForceReboot', critical: false }],
      [{ EnabledState: 32783 }, { state: 'Hibernated', critical: false }],
      [{ EnabledState: 32784 }, { state: 'ComponentServicing', critical: false }],
      [
        { EnabledState: 1, OtherEnabledState: 'Saving' },
        { state: 'Saving', critical: false },
      ],
      [{ EnabledState: 1, OtherEnabledState: 'Quiescing' }, { state: 'Pausing' }],
      [{ EnabledState: 1, OtherEnabledState: 'Resuming' }, { state: 'Resuming' }],
      [{ EnabledState: 1, OtherEnabledState: 'FastSaving' }, { state: 'FastSaving' }],
      [{ EnabledState: 1, OtherEnabledState: null }, { state: 'Other' }],
      [
        { EnabledState: 3, HealthState: 25 },
        { state: 'Off', critical: true, health: 'CriticalFailure' },
      ],
      [
        { EnabledState: 2, HealthState: 20 },
        { state: 'Running', critical: true, health: 'MajorFailure' },
      ],
      [{ OperationalStatus: [2, 32776] }, { activity: { kind: 'BackingUp', percent: null } }],
      [{ OperationalStatus: [2, 32779] }, { activity: { kind: 'MovingStorage', percent: null } }],
      [{ OperationalStatus: [2, 32780] }, { activity: { kind: 'MigratingPlanned', percent: null } }],
      [{ OperationalStatus: [3, 32795] }, { activity: null }],
    ])('Msvm_ComputerSystem %j is reported as %j', async (sent, reported) => {
      host.bridge.distort = sends(host.vm('A'), { Msvm_ComputerSystem: sent });
      expect((await host.inventory()).get('A')).toMatchObject({ ...reported, problems: [] });
    });

    test('a VM that is off and critical is refused a start', async () => {
      host.bridge.distort = sends(host.vm('OFF'), {
        Msvm_ComputerSystem: { EnabledState: 3, HealthState: 25 },
      });
      expect(await host.lastOf('vm.start', { vmId: host.vm('OFF').vmId })).toMatchObject({
        type: 'error',
        error: { code: 'wrong-state' },
      });
      expect(host.vm('OFF').state).toBe('Off');
    });

    test('a start whose job completes while the VM stays off is a failure', async () => {
      host.bridge.distort = sends(host.vm('OFF'), { Msvm_ComputerSystem: { EnabledState: 3 } });
      const last = await host.lastOf('vm.start', { vmId: host.vm('OFF').vmId });
      expect(last).toMatchObject({ type: 'error', error: { code: 'agent-error' } });
    });

    test('a VM that hangs in Saving can be turned off, and is reported off when that shows some seconds late', async () => {
      host.bridge.distort = sends(host.vm('B'), {
        Msvm_ComputerSystem: { EnabledState: 1, OtherEnabledState: 'Saving' },
      });
      let waits = 0;
      host.whenWaiting = () => {
        if (host.vm('B').state === 'Off' && ++waits > 5) host.bridge.distort = undefined;
      };
      const last = await host.lastOf('vm.stop', { vmId: host.vm('B').vmId });
      expect(last).toMatchObject({ type: 'result', result: { state: 'Off' } });
    });

    test.each([
      [2, 'Ok'],
      [3, 'Degraded'],
      [6, 'Error'],
      [7, 'Error'],
      [12, 'NoContact'],
      [13, 'LostCommunication'],
      [15, 'Paused'],
      [32775, 'Error'],
      [32896, 'Disabled'],
    ])('integration services with the status %d are %s, and so is the heartbeat', async (status, word) => {
      const sent = { OperationalStatus: [status, 32775] };
      host.bridge.distort = sends(host.vm('A'), {
        Msvm_HeartbeatComponent: sent,
        Msvm_ShutdownComponent: sent,
      });
      const facts = (await host.inventory()).get('A');
      expect(facts?.heartbeat).toBe(word);
      expect(facts?.integrationServices.find(({ kind }) => kind === 'Shutdown')?.status).toBe(word);
    });

    test('a shutdown service of an older integration component (3) is asked, one in error (6) is not and is named', async () => {
      const { vmId } = host.vm('A');
      host.bridge.distort = sends(host.vm('A'), { Msvm_ShutdownComponent: { OperationalStatus: [6] } });
      expect(await host.lastOf('vm.shutdown', { vmId, force: false })).toMatchObject({
        type: 'error',
        error: { code: 'wrong-state', message: expect.stringContaining('reports an error') as string },
      });
      host.bridge.distort = sends(host.vm('A'), { Msvm_ShutdownComponent: { OperationalStatus: [3] } });
      expect(await host.lastOf('vm.shutdown', { vmId, force: true })).toMatchObject({
        type: 'result',
        result: { state: 'Off' },
      });
    });
  },
);
