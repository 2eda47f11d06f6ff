import type { FleetSpec, VmSpec } from '@aether-v/hyperv-sim/engine';
import type { VmFacts } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fleetOf, small } from './conformance/worlds.ts';
import { PowerShellFarm } from './support/agent-host.ts';
import { elsewhereOf, OneHost } from './support/one-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const root = 'C:\\ClusterStorage\\V1';
const iso = 'ubuntu-24.04.2-live-server-amd64.iso';
const seconds = 1_000;

/** VMs on the host that is asked, and others that run on the second node of its cluster. */
function fleet(vms: readonly VmSpec[], elsewhere: readonly VmSpec[] = []): FleetSpec {
  const spec = fleetOf(vms);
  return { ...spec, vms: { ...spec.vms, N2: elsewhere } };
}

const deletion = (host: OneHost, name: string): Record<string, unknown> => ({
  vmId: host.vm(name).vmId,
  name,
  force: false,
  deleteDisks: true,
});

const diskOf = (host: OneHost, name: string, index = 0): Record<string, unknown> => {
  const { vmId, disks } = host.vm(name);
  return { vmId, diskId: disks[index]?.id, path: disks[index]?.path };
};

describe.skipIf(skip)(`disks as hosts have them${skipReason}`, { timeout: 120_000 }, () => {
  let farm: PowerShellFarm;
  const open = (...vms: Parameters<typeof fleet>): Promise<OneHost> => OneHost.open(farm, fleet(...vms));

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  }, 120_000);
  afterAll(() => farm[Symbol.asyncDispose]());

  describe('a second SCSI controller, which the cmdlets count first', () => {
    const twoControllers = small('A', { disksGb: [10, 5], scsiControllers: 2, dvd: `${root}\\ISO\\a.iso` });

    test('the disk that is detached is the file that was named', async () => {
      await using host = await open([twoControllers]);
      const [data, logs] = [host.path('A', 0), host.path('A', 1)];
      expect(await host.run('disk.detach', diskOf(host, 'A', 0))).toMatchObject({ result: { path: data } });
      expect(host.vm('A').disks.map(({ path }) => path)).toEqual([logs]);
    });

    test('the disk that is deleted is the file that was named', async () => {
      await using host = await open([twoControllers]);
      const [data, logs] = [host.path('A', 0), host.path('A', 1)];
      expect(await host.run('disk.delete', diskOf(host, 'A', 0))).toMatchObject({ type: 'result' });
      expect(host.there(data, logs)).toEqual([false, true]);
      expect(host.vm('A').disks.map(({ path }) => path)).toEqual([logs]);
    });

    test('a new disk is reported in the slot that the inventory gives it', async () => {
      await using host = await open([twoControllers]);
      const { vmId } = host.vm('A');
      const disk = { sizeBytes: 1024 ** 3, type: 'Dynamic' };
      const line = await host.run('disk.create', { vmId, disk, storageClass: null });
      expect(line).toMatchObject({ result: { disk: host.vm('A').disks.at(-1) } });
    });

    test('a medium is ejected from the drive that was named', async () => {
      await using host = await open([twoControllers]);
      const [drive] = host.vm('A').dvdDrives;
      const line = await host.run('dvd.eject', { vmId: host.vm('A').vmId, driveId: drive?.id });
      expect(line).toMatchObject({ result: { drive: { id: drive?.id, path: null } } });
      expect(host.vm('A').dvdDrives.map(({ path }) => path)).toEqual([null]);
    });

    test('a medium is not ejected where another is in the drive by now', async () => {
      await using host = await open([twoControllers]);
      const [drive] = host.vm('A').dvdDrives;
      const request = { vmId: host.vm('A').vmId, driveId: drive?.id, path: `${root}\\ISO\\b.iso` };
      expect(await host.run('dvd.eject', request)).toMatchObject({ error: { code: 'conflict' } });
      expect(host.vm('A').dvdDrives).toEqual([drive]);
    });

    test('the boot order names devices by their slots in the inventory', async () => {
      await using host = await open([twoControllers]);
      const order = [...(host.vm('A').bootOrder ?? [])].reverse();
      const changes = { bootOrder: order };
      expect(await host.run('vm.update', { vmId: host.vm('A').vmId, changes })).toMatchObject({
        type: 'result',
      });
      expect(host.vm('A').bootOrder).toEqual(order);
    });
  });

  describe('a clustered VM, whose drive cmdlets act and then fail', () => {
    const clustered = small('A', { disksGb: [10, 5], clustered: true });

    test('its disks are detached and attached', async () => {
      await using host = await open([clustered]);
      const { vmId } = host.vm('A');
      const path = host.path('A', 1);
      expect(await host.run('disk.detach', diskOf(host, 'A', 1))).toMatchObject({ type: 'result' });
      expect(host.vm('A').disks).toHaveLength(1);
      expect(await host.run('disk.attach', { vmId, path })).toMatchObject({ result: { disk: { path } } });
      expect(await host.run('disk.delete', diskOf(host, 'A', 1))).toMatchObject({ type: 'result' });
      expect(host.there(path)).toEqual([false]);
    });

    test('its media are inserted and ejected', async () => {
      await using host = await open([clustered]);
      const { vmId } = host.vm('A');
      const inserted = await host.run('dvd.insert', { vmId, driveId: null, iso });
      expect(inserted).toMatchObject({ result: { drive: { path: `${root}\\ISO\\${iso}` } } });
      const driveId = host.vm('A').dvdDrives[0]?.id;
      expect(await host.run('dvd.eject', { vmId, driveId })).toMatchObject({
        result: { drive: { path: null } },
      });
    });

    test('a new drive is taken away again when its medium cannot be inserted', async () => {
      await using host = await open([clustered]);
      const { vmId } = host.vm('A');
      host.host.bridge.hook = (_, { name }) => {
        if (name === 'Set-VMDvdDrive') host.engine.steps('n1').files.removeFile(`${root}\\ISO\\${iso}`);
        return undefined;
      };
      const line = await host.run('dvd.insert', { vmId, driveId: null, iso });
      expect(line).toMatchObject({ type: 'error' });
      expect(JSON.stringify(line)).not.toContain('could not be rolled back');
      expect(host.vm('A').dvdDrives).toEqual([]);
    });
  });

  describe('folders that cannot be read', () => {
    test('those of Windows at the root of a volume stop nothing', async () => {
      await using host = await open([small('A', { disksGb: [10, 5] }), small('B', { disksGb: [5] })]);
      const paths = [host.path('A', 0), host.path('A', 1)];
      expect(await host.run('disk.grow', { ...diskOf(host, 'B'), sizeBytes: 6 * 1024 ** 3 })).toMatchObject({
        type: 'result',
      });
      expect(await host.run('vm.delete', deletion(host, 'A'))).toMatchObject({ result: { remaining: [] } });
      expect(host.there(...paths)).toEqual([false, false]);
    });

    test('a path that is too long is read all the same', async () => {
      await using host = await open([small('A', { disksGb: [10] })]);
      const { files } = host.engine.steps('n1');
      const folder = `${root}\\${'long-'.repeat(30)}\\${'longer-'.repeat(20)}`;
      files.newFolder(folder);
      const path = host.path('A');
      files.newVhd({ path: `${root}\\base.vhdx`, sizeBytes: 1024 ** 3, type: 'Dynamic' });
      expect(await host.run('vm.delete', deletion(host, 'A'))).toMatchObject({ result: { remaining: [] } });
      expect(host.there(path)).toEqual([false]);
    });

    test('another folder keeps the files of its storage class, and is named', async () => {
      await using host = await open([small('A', { disksGb: [10] })]);
      host.engine.steps('n1').files.denyFolder(`${root}\\private`);
      const path = host.path('A');
      const line = await host.run('vm.delete', deletion(host, 'A'));
      expect(line).toMatchObject({ result: { remaining: [{ path, reason: 'failed' }] } });
      expect(JSON.stringify(line)).toContain('private');
      expect(host.there(path)).toEqual([true]);
    });
  });

  describe('VMs that run on another node', () => {
    const chain = { state: 'Running', disksGb: [10], checkpoints: [{ name: 'one', ageHours: 9 }] } as const;
    const running = [small('LIVE', { state: 'Running', disksGb: [10] }), small('CHAIN', chain)];
    const here = [small('A', { disksGb: [10, 5] })];

    test('their disks keep nothing that they do not stand on', async () => {
      await using host = await open(here, running);
      const paths = [host.path('A', 0), host.path('A', 1)];
      const known = elsewhereOf(host, 'LIVE', 'CHAIN');
      const grow = { ...diskOf(host, 'A', 1), sizeBytes: 6 * 1024 ** 3, ...known };
      expect(await host.run('disk.grow', grow)).toMatchObject({ type: 'result' });
      const one = await host.run('disk.delete', { ...diskOf(host, 'A', 1), ...known });
      expect(one).toMatchObject({ type: 'result' });
      const all = await host.run('vm.delete', { ...deletion(host, 'A'), ...known });
      expect(all).toMatchObject({ result: { remaining: [] } });
      expect(host.there(...paths)).toEqual([false, false]);
    });

    test('a disk that none of them is known to have keeps the files of its storage class', async () => {
      await using host = await open(here, running);
      const paths = [host.path('A', 0), host.path('A', 1)];
      const known = elsewhereOf(host, 'LIVE');
      const line = await host.run('vm.delete', { ...deletion(host, 'A'), ...known });
      expect(line).toMatchObject({ result: { remaining: [{ reason: 'failed' }, { reason: 'failed' }] } });
      expect(host.there(...paths)).toEqual([true, true]);
    });

    test('what one of their disks stands on stays', async () => {
      await using host = await open(here, running);
      const [first, second] = [host.path('A', 0), host.path('A', 1)];
      const { disksElsewhere } = elsewhereOf(host, 'LIVE', 'CHAIN');
      const child = { path: `${root}\\child.vhdx`, parentPath: second.toUpperCase() };
      const line = await host.run('vm.delete', {
        ...deletion(host, 'A'),
        disksElsewhere: [...disksElsewhere, child],
      });
      expect(line).toMatchObject({ result: { remaining: [{ path: second, reason: 'parent-of-others' }] } });
      expect(host.there(first, second)).toEqual([false, true]);
    });

    test('checkpoints are not merged into what one of their disks stands on', async () => {
      const own = { disksGb: [10], checkpoints: [{ name: 'one', ageHours: 9 }] };
      await using host = await open([small('A', own)], []);
      const { vmId, disks, checkpoints } = host.vm('A');
      const request = { vmId, checkpointId: checkpoints[0]?.id, subtree: false };
      const child = { path: `${root}\\child.vhdx`, parentPath: disks[0]?.parentPath };
      expect(await host.run('checkpoint.delete', { ...request, disksElsewhere: [child] })).toMatchObject({
        error: { code: 'in-use' },
      });
      expect(await host.run('checkpoint.delete', { ...request, keep: [disks[0]?.parentPath] })).toMatchObject(
        { error: { code: 'in-use' } },
      );
      expect(host.vm('A').checkpoints).toHaveLength(1);
    });
  });

  describe('a disk that does not answer', () => {
    test('its VM is told without it, with signs of life, and it is not waited for again soon', async () => {
      await using host = await open([small('A', { disksGb: [10, 5] }), small('B', { disksGb: [5] })]);
      host.engine.steps('n1').files.setHanging(host.path('A', 0), true);
      const now = (): number => host.engine.clock.now();
      const began = now();
      const lines = await host.lines('inventory', {});
      expect(lines.at(-1)).toMatchObject({ result: { vms: 2 } });
      expect(now() - began).toBeLessThan(45 * seconds);
      const vms = lines.flatMap((line) => {
        const item = line.type === 'item' ? (line.item as { readonly vm?: VmFacts }) : {};
        return item.vm ?? [];
      });
      const sizes = vms.flatMap(({ disks }) => disks.map(({ size }) => size !== null));
      expect(sizes).toEqual([false, true, true]);
      const [slow] = host.vm('A').disks;
      const problem = {
        part: `disks ${slow?.id ?? ''}`,
        message: expect.stringContaining(slow?.path ?? '?') as string,
      };
      expect(vms.map(({ problems }) => problems)).toEqual([[problem], []]);
      const again = now();
      await host.lines('inventory', {});
      expect(now() - again).toBeLessThan(2 * seconds);
    });

    test('many of them cost a host no more than a minute', async () => {
      await using host = await open([small('A', { disksGb: Array.from({ length: 30 }, () => 1) })]);
      const { files } = host.engine.steps('n1');
      for (const { path } of host.vm('A').disks) files.setHanging(path, true);
      const began = host.engine.clock.now();
      expect((await host.lines('inventory', {})).at(-1)).toMatchObject({ result: { vms: 1 } });
      expect(host.engine.clock.now() - began).toBeLessThan(60 * seconds);
    });

    test('of another VM keeps the files of its storage class', async () => {
      await using host = await open([small('A', { disksGb: [10] }), small('B', { disksGb: [5] })]);
      host.engine.steps('n1').files.setHanging(host.path('B'), true);
      const path = host.path('A');
      const line = await host.run('vm.delete', deletion(host, 'A'));
      expect(line).toMatchObject({ result: { remaining: [{ path, reason: 'failed' }] } });
      expect(host.there(path)).toEqual([true]);
    });
  });

  describe('names that are patterns of PowerShell', () => {
    test.each(['[a]', '[', 'x`[b]', '*', '?'])(
      'the chain of a disk of the VM "%s" is known',
      async (name) => {
        await using host = await open([
          small(name, { disksGb: [5], checkpoints: [{ name: 'one', ageHours: 9 }] }),
          small('B', { disksGb: [5] }),
        ]);
        const paths = [host.path('B'), host.path(name), host.vm(name).disks[0]?.parentPath ?? ''];
        expect(await host.run('vm.delete', deletion(host, 'B'))).toMatchObject({ result: { remaining: [] } });
        expect(await host.run('vm.delete', deletion(host, name))).toMatchObject({
          result: { remaining: [] },
        });
        expect(host.there(...paths)).toEqual([false, false, false]);
      },
    );
  });

  test('a damaged disk of the VM itself is deleted, and one of another VM keeps its storage class', async () => {
    await using host = await open([
      small('A', { disksGb: [10] }),
      small('B', { disksGb: [5] }),
      small('C', { disksGb: [5] }),
    ]);
    const [a, b, c] = [host.path('A'), host.path('B'), host.path('C')];
    host.engine.steps('n1').files.damage(b);
    const line = await host.run('vm.delete', deletion(host, 'A'));
    expect(line).toMatchObject({ result: { remaining: [{ path: a, reason: 'failed' }] } });
    expect(JSON.stringify(line)).toContain(b.replaceAll('\\', '\\\\'));
    expect(await host.run('vm.delete', deletion(host, 'B'))).toMatchObject({ result: { remaining: [] } });
    expect(await host.run('vm.delete', deletion(host, 'C'))).toMatchObject({ result: { remaining: [] } });
    expect(host.there(a, b, c)).toEqual([true, false, false]);
  });
});
