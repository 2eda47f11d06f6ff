import { describe, expect, test } from 'vitest';
import { EngineError, type EngineStep } from '../src/engine/index.ts';
import { gibibyte, Lifecycle, plainVm, root } from './lifecycle.ts';
import { smallFleetSpec } from './small-fleet.ts';

test('host.resources lists classes with free space, networks, images and media', async () => {
  const life = new Lifecycle();
  const resources = await life.done('host.resources', {});
  expect(resources.storageClasses).toEqual([
    { name: 'V1', path: root, kind: 'csv', free: 512 * gibibyte, total: 1_024 * gibibyte },
    { name: 'Local', path: 'D:\\Hyper-V', kind: 'local', free: 3_072 * gibibyte, total: 8_192 * gibibyte },
  ]);
  expect(resources.networks).toEqual([
    { name: 'servers', switchName: 'Production', vlanId: 20, present: true },
  ]);
  expect(resources.images).toContainEqual({
    id: 'ubuntu-24.04',
    name: 'ubuntu-24.04',
    size: 3 * gibibyte,
    virtualSize: 32 * gibibyte,
    osFamily: 'linux',
  });
  expect(resources.isos.map(({ id }) => id)).toContain('ubuntu-24.04.2-live-server-amd64.iso');
  expect(resources.vmPath).toEqual({ path: root, present: true });
  expect(resources.problems).toEqual([]);
});

describe('vm.create', () => {
  test('creates the requested VM, reports each step, and the host shows it', async () => {
    const life = new Lifecycle();
    const { result, lines } = await life.run('vm.create', plainVm);
    const vm = life.vm(result?.vm.vmId ?? '');
    expect(result?.vm).toEqual(vm);
    expect(vm).toMatchObject({
      name: 'SRV-01',
      state: 'Off',
      generation: 2,
      processors: 2,
      memory: { dynamic: false, startup: 2 * gibibyte, minimum: null },
      secureBoot: { enabled: true, template: 'MicrosoftUEFICertificateAuthority' },
      automaticStartAction: 'StartIfRunning',
      automaticStartDelaySeconds: 30,
      automaticStopAction: 'ShutDown',
      notes: 'A server.',
      configurationPath: `${root}\\SRV-01`,
      clusterRole: { name: 'SRV-01', ownerNode: 'n1' },
    });
    expect(vm.disks).toMatchObject([
      { id: 'scsi-0-0', path: `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk0.vhdx`, size: 64 * gibibyte },
      { id: 'scsi-0-1', path: `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk1.vhdx`, size: 10 * gibibyte },
    ]);
    expect(vm.dvdDrives).toMatchObject([
      { id: 'scsi-0-2', path: `${root}\\ISO\\ubuntu-24.04.2-live-server-amd64.iso` },
    ]);
    expect(vm.networkAdapters).toMatchObject([
      { switchName: 'Production', vlan: { mode: 'Access', accessVlanId: 20 }, dynamicMacAddress: true },
      { switchName: null, connected: false, macAddress: '02AABBCCDD01', dynamicMacAddress: false },
    ]);
    expect(result?.diskIds).toEqual(['scsi-0-0', 'scsi-0-1']);
    expect(result?.adapterIds).toEqual(vm.networkAdapters.map(({ id }) => id));
    expect(vm.bootOrder).toEqual([
      'scsi-0-2',
      'scsi-0-0',
      'scsi-0-1',
      ...vm.networkAdapters.map(({ id }) => id),
    ]);
    const log = lines.flatMap((line) => (line.type === 'log' ? [line.message] : []));
    expect(log.some((message) => message.includes('Copy the image ubuntu-24.04'))).toBe(true);
    const percents = lines.flatMap((line) => (line.type === 'progress' ? [line.percent ?? 0] : []));
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
  });

  test('starts it if requested, and the image’s guest boots', async () => {
    const life = new Lifecycle();
    const { vm } = await life.done('vm.create', { ...plainVm, start: true });
    expect(vm.state).toBe('Running');
    life.clock.advance(60_000);
    expect(life.vm(vm.vmId).guest).toMatchObject({ osName: 'Ubuntu' });
  });

  test('creates a blank VM with dynamic memory and without secure boot', async () => {
    const life = new Lifecycle();
    const memory = {
      dynamic: true,
      startup: 2 * gibibyte,
      minimum: gibibyte,
      maximum: 4 * gibibyte,
      bufferPercent: 20,
    } as const;
    const blank = { disks: [], networkAdapters: [], dvd: null, secureBoot: 'off', clustered: false } as const;
    const { vm } = await life.done('vm.create', {
      ...plainVm,
      ...blank,
      disks: [],
      networkAdapters: [],
      memory,
      storageClass: 'Local',
    });
    expect(vm).toMatchObject({ memory, secureBoot: { enabled: false }, clusterRole: null, disks: [] });
    expect(vm.configurationPath).toBe('D:\\Hyper-V\\SRV-01');
  });

  test.each([
    ['an unknown storage class', { storageClass: 'V9' }, 'not-found'],
    ['an unknown network', { networkAdapters: [{ network: 'moon', macAddress: null }] }, 'not-found'],
    ['an unknown image', { disks: [{ image: 'beos', sizeBytes: null }] }, 'not-found'],
    ['an unknown medium', { dvd: { iso: 'beos.iso' } }, 'not-found'],
    [
      'a disk smaller than its image',
      { disks: [{ image: 'debian-12', sizeBytes: gibibyte }] },
      'bad-request',
    ],
    ['more than there is space', { disks: [{ sizeBytes: 600 * gibibyte, type: 'Fixed' }] }, 'out-of-space'],
    ['more processors than the host has', { processors: 128 }, 'not-supported'],
    ['a role on storage of its own', { storageClass: 'Local' }, 'wrong-state'],
    [
      'memory the wrong way round',
      { memory: { dynamic: true, startup: 2 ** 30, minimum: 2 ** 31, maximum: 2 ** 32, bufferPercent: 20 } },
      'bad-request',
    ],
  ] as const)('%s is refused, and nothing is left', async (_what, change, code) => {
    const life = new Lifecycle();
    const before = life.storage();
    expect(await life.refused('vm.create', { ...plainVm, ...change } as typeof plainVm)).toBe(code);
    expect(life.storage()).toEqual(before);
    expect(life.engine.vms('n1')).toEqual([]);
  });

  test('a name in use (case-insensitive) and a folder that is not empty are conflicts', async () => {
    const life = new Lifecycle();
    await life.done('vm.create', plainVm);
    expect(await life.refused('vm.create', { ...plainVm, name: 'srv-01' })).toBe('conflict');
    const { files } = life.engine.steps('n1');
    files.newFolder(`${root}\\OTHER\\things`);
    expect(await life.refused('vm.create', { ...plainVm, name: 'OTHER' })).toBe('conflict');
  });

  test('a duplicate address is a conflict, and everything is undone', async () => {
    const life = new Lifecycle();
    const before = life.storage();
    const networkAdapters = [
      { network: null, macAddress: '02AABBCCDD01' },
      { network: null, macAddress: '02AABBCCDD01' },
    ];
    expect(await life.refused('vm.create', { ...plainVm, networkAdapters })).toBe('conflict');
    expect(life.storage()).toEqual(before);
  });

  test('a host without a cluster refuses roles', async () => {
    const life = new Lifecycle({
      ...smallFleetSpec,
      clusters: [],
      hosts: smallFleetSpec.hosts.map((host) => ({ ...host, cluster: null })),
    });
    expect(await life.refused('vm.create', { ...plainVm, storageClass: 'Local' })).toBe('wrong-state');
    const { vm } = await life.done('vm.create', { ...plainVm, storageClass: 'Local', clustered: false });
    expect(vm.disks[0]?.path).toBe('D:\\Hyper-V\\SRV-01\\Virtual Hard Disks\\SRV-01-disk0.vhdx');
  });

  const failing: readonly EngineStep[] = [
    'newFolder',
    'newVm',
    'removeNetworkAdapter',
    'setVmProcessor',
    'setVmMemory',
    'setVm',
    'setVmFirmware',
    'copyFile',
    'resizeVhd',
    'newVhd',
    'addHardDiskDrive',
    'addNetworkAdapter',
    'setNetworkAdapterMac',
    'connectNetworkAdapter',
    'setNetworkAdapterVlan',
    'addDvdDrive',
    'setDvdDrive',
    'addVmRole',
    'start',
  ];
  test.each(failing)('a failure of %s undoes everything', async (step) => {
    const life = new Lifecycle();
    const before = life.storage();
    let failed = 0;
    life.failAt = ({ action }) =>
      action === step && failed++ === 0 ? new EngineError('agent-error', 'The host says no.') : null;
    const { error, lines } = await life.run('vm.create', { ...plainVm, start: true });
    expect(error).toMatchObject({ code: 'agent-error', message: 'The host says no.' });
    expect(failed).toBeGreaterThan(0);
    expect(life.storage()).toEqual(before);
    expect(life.engine.vms('n1')).toEqual([]);
    expect(lines.some((line) => line.type === 'log' && line.level === 'error')).toBe(false);
  });

  test('a cancellation while the image is copied undoes everything', async () => {
    const life = new Lifecycle();
    const before = life.storage();
    const id = '01890a5d-ac96-774b-bcce-b302099a0001';
    const conversation = life.begin('vm.create', plainVm, { id });
    await conversation.until(({ type, ...line }) => type === 'log' && JSON.stringify(line).includes('Copy'));
    const cancel = life.begin('operation.cancel', { operationId: id });
    await cancel.ended;
    await conversation.ended;
    expect(conversation.lines.at(-1)).toMatchObject({ type: 'error', error: { code: 'cancelled' } });
    expect(life.storage()).toEqual(before);
    expect(life.engine.vms('n1')).toEqual([]);
  });

  test('a repeated id replays the result and creates no second VM', async () => {
    const life = new Lifecycle();
    const change = { id: '01890a5d-ac96-774b-bcce-b302099a0002' };
    const first = await life.run('vm.create', plainVm, change);
    const again = await life.run('vm.create', plainVm, change);
    expect(again.result).toEqual(first.result);
    expect(life.engine.vms('n1')).toHaveLength(1);
  });
});
