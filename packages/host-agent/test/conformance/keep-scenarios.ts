import type { Scenario } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const base = 'C:\\ClusterStorage\\V1';

const keeping: Scenario = {
  name: 'deleting what other hosts need',
  world: {
    fleet: fleetOf([
      small('ONE', { disksGb: [40, 10] }),
      small('ALL', { disksGb: [40, 10] }),
      small('CHAIN', { disksGb: [40], checkpoints: [{ name: 'one', ageHours: 9 }] }),
      small('DISK', { disksGb: [40, 10] }),
    ]),
    hostId: 'n1',
  },
  play: async (stage) => {
    const target = (name: string): Record<string, unknown> => ({
      vmId: stage.vm(name).vmId,
      name,
      force: false,
      deleteDisks: true,
    });
    const pathOf = (name: string, index: number): string => stage.vm(name).disks[index]?.path ?? '';
    const disk = { vmId: stage.vm('DISK').vmId, diskId: stage.vm('DISK').disks[1]?.id };
    const path = pathOf('DISK', 1);
    await stage.call('a disk', 'disk.delete', { ...disk, path, keep: [path.toUpperCase()] });
    await stage.call('a disk beside it', 'disk.delete', { ...disk, path, keep: [`${path}2`] });
    await stage.call('one file', 'vm.delete', { ...target('ONE'), keep: [pathOf('ONE', 0).toLowerCase()] });
    await stage.call('a folder', 'vm.delete', { ...target('ALL'), keep: ['D:\\', base] });
    await stage.call('below a checkpoint', 'vm.delete', {
      ...target('CHAIN'),
      keep: [stage.vm('CHAIN').disks[0]?.parentPath],
    });
    await stage.call('with checkpoints, and a folder', 'vm.delete', { ...target('CHAIN'), keep: [base] });
    await stage.call('nothing', 'vm.delete', { ...target('DISK'), keep: [] });
    await stage.call('inventory', 'inventory');
  },
};

/** Files that the service asks to keep. */
export const keepScenarios: readonly Scenario[] = [keeping];
