import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fleetOf, small } from './conformance/worlds.ts';
import { skip, skipReason } from './support/pwsh.ts';
import { RawHost } from './support/raw-host.ts';

const checkpoints = [
  { name: 'one', ageHours: 9 },
  { name: 'two', ageHours: 8 },
];

// Measured on real hosts: what a job did shows seconds after its end (charlespick/hyper-v-csi).
describe.skipIf(skip)(
  `what shows only some seconds after a job has ended${skipReason}`,
  { timeout: 300_000 },
  () => {
    let host: RawHost;

    beforeAll(async () => {
      host = await RawHost.open(
        fleetOf([
          small('NEW', { disksGb: [10] }),
          small('TREE', { disksGb: [10], checkpoints }),
          small('LONG', { disksGb: [10, 10], checkpoints }),
        ]),
      );
    }, 120_000);

    afterEach(() => host.restore());

    afterAll(() => host[Symbol.asyncDispose]());

    test('a checkpoint that shows late is found', async () => {
      let waits = 0;
      host.whenWaiting = () => {
        if (host.vm('NEW').checkpoints.length > 0) waits++;
      };
      host.bridge.distort = (className, rows) =>
        className === 'Msvm_VirtualSystemSettingData' && waits < 4
          ? rows.filter(
              (row) =>
                !host
                  .vm('NEW')
                  .checkpoints.some(({ id }) => row['InstanceID'] === `Microsoft:${id.toUpperCase()}`),
            )
          : rows;
      const last = await host.lastOf('checkpoint.create', { vmId: host.vm('NEW').vmId, name: null });
      expect(last).toMatchObject({ type: 'result', result: { checkpoint: { current: true } } });
    });

    test('a merge that starts late is waited for', async () => {
      const { vmId, checkpoints: before } = host.vm('TREE');
      const [, two] = before;
      let waits = 0;
      let merged = 0;
      host.whenWaiting = () => {
        if (host.vm('TREE').checkpoints.length < before.length) waits++;
        if (host.vm('TREE').activity?.kind === 'MergingDisks') merged++;
      };
      host.bridge.distort = (className, rows) =>
        className === 'Msvm_ComputerSystem' && waits < 3
          ? rows.map((row) => (row['Name'] === vmId.toUpperCase() ? { ...row, OperationalStatus: [2] } : row))
          : rows;
      const last = await host.lastOf('checkpoint.delete', { vmId, checkpointId: two?.id, subtree: false });
      expect(last).toMatchObject({ type: 'result', result: { deleted: [two?.id] } });
      expect(merged).toBeGreaterThan(0);
      expect(host.vm('TREE').activity).toBeNull();
    });

    test('a second merge that starts late is waited for', async () => {
      const { vmId, checkpoints: before } = host.vm('LONG');
      const chain = (): number =>
        host
          .vm('LONG')
          .disks.reduce(
            (sum, { parentPath, ancestors = [] }) => sum + (parentPath ? 1 : 0) + ancestors.length,
            0,
          );
      const full = chain();
      let waits = 0;
      let isHidden = false;
      host.whenWaiting = () => {
        // One merge has ended, and the next does not show for some seconds.
        if (chain() < full && host.vm('LONG').activity) waits++;
        isHidden = waits > 0 && waits < 4;
      };
      host.bridge.distort = (className, rows) =>
        className === 'Msvm_ComputerSystem' && isHidden
          ? rows.map((row) => (row['Name'] === vmId.toUpperCase() ? { ...row, OperationalStatus: [2] } : row))
          : rows;
      const request = { vmId, checkpointId: before[0]?.id, subtree: true };
      expect(await host.lastOf('checkpoint.delete', request)).toMatchObject({ type: 'result' });
      expect(waits).toBeGreaterThan(3);
      expect(host.vm('LONG').activity).toBeNull();
      expect(chain()).toBe(0);
    });
  },
);
