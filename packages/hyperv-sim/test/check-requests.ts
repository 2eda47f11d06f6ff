import type { OperationName, OperationRequest, VmFacts } from '@aether-v/types';
import type { FleetSpec, VmSpec } from '../src/engine/index.ts';
import { gibibyte, plainVm, root, type Lifecycle } from './lifecycle.ts';
import { smallFleetSpec } from './small-fleet.ts';

/** Operations that change something on a VM or create one. */
export const checkedOps = [
  'vm.start',
  'vm.shutdown',
  'vm.stop',
  'vm.restart',
  'vm.reset',
  'vm.save',
  'vm.pause',
  'vm.resume',
  'vm.create',
  'vm.update',
  'vm.delete',
  'disk.create',
  'disk.attach',
  'disk.detach',
  'disk.grow',
  'disk.delete',
  'dvd.insert',
  'dvd.eject',
  'adapter.add',
  'adapter.remove',
  'adapter.connect',
  'adapter.setMac',
  'checkpoint.create',
  'checkpoint.apply',
  'checkpoint.rename',
  'checkpoint.delete',
  'cluster.addVm',
  'cluster.removeVm',
  'cluster.moveVm',
  'host.test',
] as const satisfies readonly OperationName[];

/** An operation of the list. */
export type CheckedOp = (typeof checkedOps)[number];

const vms: readonly VmSpec[] = [
  { name: 'RUN', role: 'web', octet: 1, memoryGb: 1, state: 'Running', disksGb: [20, 10] },
  { name: 'OFF', role: 'web', octet: 2, memoryGb: 1, dvd: null, fixedDisks: true },
  { name: 'SAVED', role: 'web', octet: 3, memoryGb: 1, state: 'Saved', clustered: false },
  { name: 'PAUSED', role: 'web', octet: 4, memoryGb: 1, state: 'Paused' },
  {
    name: 'OLD',
    role: 'web',
    octet: 5,
    memoryGb: 1,
    state: 'Running',
    generation: 1,
    disksGb: [20, 10, 5, 5],
  },
  {
    name: 'TREE',
    role: 'web',
    octet: 6,
    memoryGb: 1,
    checkpoints: [
      { name: 'a', ageHours: 9 },
      { name: 'b', ageHours: 5 },
    ],
  },
  { name: 'LOST', role: 'web', octet: 7, memoryGb: 1, state: 'Paused', critical: true },
  {
    name: 'MUTE',
    role: 'web',
    octet: 8,
    memoryGb: 1,
    state: 'Running',
    checkpointType: 'ProductionOnly',
    disabledServices: ['Vss', 'Shutdown'],
  },
  {
    name: 'DISABLED',
    role: 'web',
    octet: 9,
    memoryGb: 1,
    checkpointType: 'Disabled',
    dynamicGb: [1, 4],
    state: 'Running',
  },
];

/** Two clustered hosts and a stand-alone one, with VMs in many states. The network `lost` has no switch. */
export const checkedFleet: FleetSpec = {
  ...smallFleetSpec,
  clusters: smallFleetSpec.clusters.map((cluster) => ({
    ...cluster,
    volumes: [
      { name: 'V1', sizeGb: 1_024, freeGb: 300 },
      { name: 'V2', sizeGb: 100, freeGb: 8 },
    ],
  })),
  hosts: [
    ...smallFleetSpec.hosts,
    ...smallFleetSpec.hosts.slice(0, 1).map((host) => ({ ...host, name: 'S1', cluster: null })),
  ],
  vms: { N1: vms, S1: vms, N2: [{ name: 'OTHER', role: 'web', octet: 20, memoryGb: 1, state: 'Running' }] },
};

/** Adds disks that no VM uses, one of them the parent of another. */
export function addLooseDisks({ engine, hostId, clock }: Lifecycle): void {
  const { files, configuration } = engine.steps(hostId);
  for (const { path } of configuration.storage_classes) {
    const folder = `${path}\\Loose`;
    files.newFolder(folder);
    for (const name of ['one', 'two', 'base']) {
      files.newVhd({ path: `${folder}\\${name}.vhdx`, sizeBytes: gibibyte, type: 'Dynamic' });
    }
    clock.advance(10_000);
    files.newVhd({
      path: `${folder}\\child.vhdx`,
      parentPath: `${folder}\\base.vhdx`,
      sizeBytes: gibibyte,
      type: 'Dynamic',
    });
  }
  clock.advance(10_000);
}

/** Random numbers that choose the parts of a request. */
export type Dice = readonly [number, number, number, number];

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

const noVm = '00000000-0000-4000-8000-000000000000';

/** Returns a request for the present state of the host: mostly of things that exist, in any state. */
export function requestOf<N extends CheckedOp>(life: Lifecycle, op: N, dice: Dice): OperationRequest<N> {
  const [a, b, c, d] = dice;
  const there = life.engine.vms(life.hostId);
  const vm = a % 29 === 0 ? undefined : pick(there, a);
  const vmId = vm?.vmId ?? noVm;
  const target = { vmId };
  const disk = pick(vm?.disks ?? [], b);
  const diskOf = {
    vmId,
    diskId: b % 31 === 0 ? 'scsi-9-9' : (disk?.id ?? 'scsi-0-0'),
    path: c % 23 === 0 ? 'C:\\other.vhdx' : (disk?.path ?? 'C:\\no.vhdx'),
  };
  const adapterId = pick(vm?.networkAdapters ?? [], b)?.id ?? noVm;
  const checkpointId = pick(vm?.checkpoints ?? [], b)?.id ?? noVm;
  const network = pick(['servers', 'servers', 'servers', 'unknown', null], c >> 3) ?? null;
  const macAddress =
    pick([null, '02AABBCCDD01', '02AABBCCDD02', vm?.networkAdapters[0]?.macAddress ?? null], d >> 2) ?? null;
  const storageClass = pick(['V1', 'V1', 'Local', 'V2', 'none'], c >> 5) ?? 'V1';
  const newDisk = pick(
    [
      { sizeBytes: 2 * gibibyte, type: 'Dynamic' as const },
      { sizeBytes: 9 * gibibyte, type: 'Fixed' as const },
      { image: 'debian-12', sizeBytes: 20 * gibibyte },
      { image: 'debian-12', sizeBytes: gibibyte },
      { image: 'none', sizeBytes: null },
    ],
    d >> 6,
  ) ?? { sizeBytes: gibibyte, type: 'Dynamic' as const };
  const force = b % 2 === 0;
  const iso = c % 5 === 0 ? 'none.iso' : 'ubuntu-24.04.2-live-server-amd64.iso';
  const drive = pick(vm?.dvdDrives ?? [], b);
  const requests: { readonly [K in CheckedOp]: () => OperationRequest<K> } = {
    'vm.start': () => target,
    'vm.shutdown': () => ({ vmId, force }),
    'vm.stop': () => target,
    'vm.restart': () => target,
    'vm.reset': () => target,
    'vm.save': () => target,
    'vm.pause': () => target,
    'vm.resume': () => target,
    'vm.create': () => ({
      ...plainVm,
      name: pick(['NEW-A', 'NEW-B', vm?.name ?? 'NEW-C', 'NEW-D'], d) ?? 'NEW-E',
      processors: pick([1, 2, 3, 65], b >> 2) ?? 1,
      memory:
        c % 7 === 0
          ? {
              dynamic: true,
              startup: gibibyte,
              minimum: 2 * gibibyte,
              maximum: 4 * gibibyte,
              bufferPercent: 20,
            }
          : { dynamic: false, startup: gibibyte },
      storageClass,
      disks: b % 3 === 0 ? [] : [newDisk, newDisk],
      networkAdapters: [
        { network, macAddress },
        { network: null, macAddress: c % 9 === 0 ? macAddress : null },
      ],
      dvd: pick([null, { iso: null }, { iso }], a) ?? null,
      clustered: (a >> 3) % 4 === 0,
      start: b % 2 === 0,
    }),
    'vm.update': () => ({ vmId, changes: changesOf(vm, dice), ...expectedOf(vm, dice) }),
    'vm.delete': () => ({
      vmId,
      name: c % 11 === 0 ? 'WRONG' : (vm?.name ?? 'NONE'),
      force,
      deleteDisks: d % 2 === 0,
      ...(c % 5 === 0 && { keep: [disk?.path ?? root] }),
    }),
    'disk.create': () => ({ vmId, disk: newDisk, storageClass: b % 2 === 0 ? null : storageClass }),
    'disk.attach': () => ({ vmId, path: pathOf(life, b) }),
    'disk.detach': () => diskOf,
    'disk.grow': () => ({
      ...diskOf,
      sizeBytes: (disk?.size ?? gibibyte) + (d % 5 === 0 ? -gibibyte / 2 : (d % 400) * gibibyte),
    }),
    'disk.delete': () => diskOf,
    'dvd.insert': () => ({ vmId, driveId: b % 2 === 0 ? null : (drive?.id ?? 'scsi-7-7'), iso }),
    'dvd.eject': () => ({
      vmId,
      driveId: drive?.id ?? 'scsi-7-7',
      ...(c % 3 === 0 && { path: 'C:\\other.iso' }),
    }),
    'adapter.add': () => ({ vmId, adapter: { network, macAddress } }),
    'adapter.remove': () => ({ vmId, adapterId }),
    'adapter.connect': () => ({ vmId, adapterId, network, vlanId: d % 2 === 0 ? null : 7 }),
    'adapter.setMac': () => ({ vmId, adapterId, macAddress }),
    'checkpoint.create': () => ({ vmId, name: b % 2 === 0 ? null : 'taken' }),
    'checkpoint.apply': () => ({ vmId, checkpointId, force }),
    'checkpoint.rename': () => ({ vmId, checkpointId, name: 'renamed' }),
    'checkpoint.delete': () => ({ vmId, checkpointId, subtree: force }),
    'cluster.addVm': () => target,
    'cluster.removeVm': () => target,
    'cluster.moveVm': () => ({ vmId, targetHostId: pick(['n1', 'n2', 's1', null], c) ?? null }),
    'host.test': () => ({}),
  };
  return requests[op]();
}

function changesOf(vm: VmFacts | undefined, [, b, c, d]: Dice): OperationRequest<'vm.update'>['changes'] {
  const all: OperationRequest<'vm.update'>['changes'] = {
    name: pick(['RENAMED', 'OFF', vm?.name ?? 'X'], d) ?? 'X',
    notes: `note ${d}`,
    processors: pick([1, 3, 65], c) ?? 1,
    memory: pick(
      [
        { dynamic: false, startup: 2 * gibibyte },
        { dynamic: true, startup: gibibyte, minimum: gibibyte / 2, maximum: 8 * gibibyte, bufferPercent: 20 },
        { dynamic: true, startup: gibibyte, minimum: 4 * gibibyte, maximum: 8 * gibibyte, bufferPercent: 20 },
      ],
      c,
    ) ?? { dynamic: false, startup: gibibyte },
    secureBoot: 'off',
    bootOrder: [...(vm?.bootOrder ?? [])]
      .reverse()
      .slice(0, 1 + (d % 2))
      .concat(c % 8 === 0 ? ['scsi-9-9'] : []),
    automaticStopAction: 'ShutDown',
    checkpointType: 'Standard',
  };
  const entries = Object.entries(all).filter((_, index) => ((b >> index) & 1) === 1);
  return Object.fromEntries(entries);
}

function expectedOf(
  vm: VmFacts | undefined,
  [, b, c]: Dice,
): Pick<OperationRequest<'vm.update'>, 'expected'> {
  if (!vm || b % 3 === 0) return {};
  const { name, processors, memory, secureBoot, bootOrder, notes, checkpointType } = vm;
  const { automaticStartAction, automaticStartDelaySeconds, automaticStopAction } = vm;
  const expected = { name, processors, memory, secureBoot, bootOrder, notes, checkpointType };
  return {
    expected: {
      ...expected,
      automaticStartAction,
      automaticStartDelaySeconds,
      automaticStopAction,
      ...(c % 4 === 0 && { notes: 'seen before' }),
    },
  };
}

/** A disk file: detached ones as often as those of VMs, an image, or a file that does not exist. */
function pathOf(life: Lifecycle, number: number): string {
  const { files } = life.engine.steps(life.hostId);
  const paths = files.volumes().flatMap((volume) => [...volume.files.values()].map(({ path }) => path));
  const free = paths.filter(
    (path) => /(?<!DiskImages.*)vhdx?$/i.test(path) && files.usersOf(path).length === 0,
  );
  return (
    pick(
      [pick(free, number >> 3), pick(paths, number >> 3), 'C:\\no.vhdx', pick(free, number >> 4)],
      number,
    ) ?? 'C:\\no.vhdx'
  );
}
