import { commandRow, type CommandName, type Plan, type Vm, type VmCheckpoint } from '@aether-v/types';
import { guid } from './rows.ts';

/** A request that changes a VM. */
export interface ChangeRequest {
  readonly method: string;
  /** The path below the VM: `['checkpoints', ID, 'apply']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  /** The value of `Idempotency-Key`. */
  readonly key?: string | undefined;
}

/** The command of a request, and its effect on the VM; null if the VM is deleted. */
export interface FakeChange {
  readonly command: CommandName;
  readonly effect: (vm: Vm) => Partial<Vm> | null;
}

let made = 0;

function newCheckpoint(vm: Vm, name: unknown): VmCheckpoint {
  made += 1;
  return {
    id: guid(0xc0, made),
    parentId: vm.checkpoints.find(({ current }) => current)?.id ?? null,
    name: typeof name === 'string' ? name : `${vm.name} - (${made})`,
    type: 'Production',
    automatic: false,
    createdAt: new Date().toISOString(),
    current: true,
  };
}

function without(checkpoints: readonly VmCheckpoint[], id: string, subtree: boolean): VmCheckpoint[] {
  const gone = new Set([id]);
  if (subtree)
    for (const { id: own, parentId } of checkpoints)
      if (parentId !== null && gone.has(parentId)) gone.add(own);
  const parent = checkpoints.find((one) => one.id === id)?.parentId ?? null;
  const left = checkpoints
    .filter((one) => !gone.has(one.id))
    .map((one) => (one.parentId !== null && gone.has(one.parentId) ? { ...one, parentId: parent } : one));
  const isLost = checkpoints.some((one) => one.current && gone.has(one.id));
  return left.map((one) => (isLost && one.id === parent ? { ...one, current: true } : one));
}

function checkpointChange({ method, parts, query, body }: ChangeRequest): FakeChange | null {
  const [, id = '', verb] = parts;
  if (method === 'POST' && id === '')
    return {
      command: 'checkpoint.create',
      effect: (vm) => ({
        checkpoints: [
          ...vm.checkpoints.map((one) => ({ ...one, current: false })),
          newCheckpoint(vm, body['name']),
        ],
      }),
    };
  if (verb === 'apply')
    return {
      command: 'checkpoint.apply',
      effect: (vm) => ({
        state: body['force'] ? 'Off' : vm.state,
        checkpoints: vm.checkpoints.map((one) => ({ ...one, current: one.id === id })),
      }),
    };
  if (method === 'PATCH')
    return {
      command: 'checkpoint.rename',
      effect: (vm) => ({
        checkpoints: vm.checkpoints.map((one) =>
          one.id === id ? { ...one, name: String(body['name']) } : one,
        ),
      }),
    };
  if (method !== 'DELETE') return null;
  return {
    command: 'checkpoint.delete',
    effect: (vm) => ({ checkpoints: without(vm.checkpoints, id, query.get('subtree') === 'true') }),
  };
}

type Effects = Readonly<Record<string, (request: ChangeRequest) => FakeChange>>;

const disksWith = (vm: Vm, id: string, patch: Partial<Vm['disks'][number]>): Partial<Vm> => ({
  disks: vm.disks.map((disk) => (disk.id === id ? { ...disk, ...patch } : disk)),
});
const adaptersWith = (vm: Vm, id: string, patch: Partial<Vm['networkAdapters'][number]>): Partial<Vm> => ({
  networkAdapters: vm.networkAdapters.map((one) => (one.id === id ? { ...one, ...patch } : one)),
});
const withoutDisk = (vm: Vm, id: string): Partial<Vm> => ({ disks: vm.disks.filter((one) => one.id !== id) });

function newDisk(vm: Vm, path: string, size: number): Vm['disks'][number] {
  const controllerLocation = vm.disks.length + 1;
  const slot = { controllerType: 'SCSI', controllerNumber: 0, controllerLocation } as const;
  return {
    id: `scsi-0-${controllerLocation}`,
    ...slot,
    path,
    format: 'VHDX',
    type: 'Dynamic',
    size,
    fileSize: 4096,
    parentPath: null,
    shared: false,
  };
}

/** The changes by method and path; `*` stands for an id. */
const changes: Effects = {
  'PATCH ': ({ body }) => ({ command: 'vm.update', effect: () => body }),
  'DELETE ': () => ({ command: 'vm.delete', effect: () => null }),
  'POST move': ({ body }) => ({
    command: 'vm.move',
    effect: () => ({
      hostId: String(body['targetHostId']),
      hostName: String(body['targetHostId']).toUpperCase(),
    }),
  }),
  'POST cluster-role': () => ({
    command: 'vm.addClusterRole',
    effect: (vm) => ({ clusterRole: { name: vm.name, state: 'Online', ownerNode: vm.hostId } }),
  }),
  'DELETE cluster-role': () => ({ command: 'vm.removeClusterRole', effect: () => ({ clusterRole: null }) }),
  'POST disks': ({ body }) => ({
    command: 'disk.create',
    effect: (vm) => {
      const { sizeBytes } = body['disk'] as { sizeBytes: number | null };
      return { disks: [...vm.disks, newDisk(vm, 'C:\\VMs\\new.vhdx', sizeBytes ?? 0)] };
    },
  }),
  'POST disks/attach': ({ body }) => ({
    command: 'disk.attach',
    effect: (vm) => ({ disks: [...vm.disks, newDisk(vm, String(body['path']), 1024 ** 3)] }),
  }),
  'POST disks/*/detach': ({ parts }) => ({
    command: 'disk.detach',
    effect: (vm) => withoutDisk(vm, parts[1] ?? ''),
  }),
  'POST disks/*/grow': ({ parts, body }) => ({
    command: 'disk.grow',
    effect: (vm) => disksWith(vm, parts[1] ?? '', { size: Number(body['sizeBytes']) }),
  }),
  'DELETE disks/*': ({ parts }) => ({
    command: 'disk.delete',
    effect: (vm) => withoutDisk(vm, parts[1] ?? ''),
  }),
  'POST dvd/insert': ({ body }) => ({
    command: 'dvd.insert',
    effect: (vm) => ({
      dvdDrives: vm.dvdDrives.map((one, n) =>
        n === 0 ? { ...one, path: `D:\\ISO\\${String(body['iso'])}` } : one,
      ),
    }),
  }),
  'POST dvd/eject': ({ body }) => ({
    command: 'dvd.eject',
    effect: (vm) => ({
      dvdDrives: vm.dvdDrives.map((one) => (one.id === body['driveId'] ? { ...one, path: null } : one)),
    }),
  }),
  'POST network-adapters': () => ({
    command: 'adapter.add',
    effect: (vm) => ({
      networkAdapters: vm.networkAdapters.flatMap((one) => [
        one,
        { ...one, id: guid(0xad, 1), name: 'Second' },
      ]),
    }),
  }),
  'DELETE network-adapters/*': ({ parts }) => ({
    command: 'adapter.remove',
    effect: (vm) => ({ networkAdapters: vm.networkAdapters.filter(({ id }) => id !== parts[1]) }),
  }),
  'POST network-adapters/*/connect': ({ parts, body }) => ({
    command: 'adapter.connect',
    effect: (vm) => {
      const accessVlanId = Number(body['vlanId']);
      const vlan = { mode: 'Access', accessVlanId, nativeVlanId: null, allowedVlanIds: null } as const;
      return adaptersWith(vm, parts[1] ?? '', { connected: body['network'] !== null, vlan });
    },
  }),
  'POST network-adapters/*/mac': ({ parts, body }) => ({
    command: 'adapter.setMac',
    effect: (vm) =>
      adaptersWith(vm, parts[1] ?? '', {
        macAddress: String(body['macAddress']),
        dynamicMacAddress: body['macAddress'] === null,
      }),
  }),
};

/** Returns the change that a request asks for; null if there is no such route. */
export function changeOf(request: ChangeRequest): FakeChange | null {
  const { method, parts } = request;
  if (parts[0] === 'checkpoints') return checkpointChange(request);
  const isNamed = parts[0] === 'disks' && parts[1] === 'attach';
  const path = parts.map((part, at) => (at === 1 && !isNamed && parts[0] !== 'dvd' ? '*' : part)).join('/');
  return changes[`${method} ${path}`]?.(request) ?? null;
}

/** The plan of a change, with what a test lets stand in its way. */
export function planOf(vm: Vm, command: CommandName, more: Partial<Plan> = {}): Plan {
  const refusals = more.refusals ?? [];
  return {
    ok: refusals.length === 0,
    command,
    title: `${commandRow(command).title} ${vm.name}`,
    subject: { kind: 'vm', id: vm.id, name: vm.name },
    hostId: vm.hostId,
    checkedAt: new Date().toISOString(),
    refusals,
    deletes: [],
    remaining: [],
    placement: null,
    ...more,
  };
}
