import type { Vm } from '@aether-v/types';
import fc from 'fast-check';
import type { ApiRequest } from './served-fleet.ts';

const gibibyte = 1024 ** 3;

/** Returns a request about a VM. */
export type MakeRequest = (vm: Vm, others: readonly Vm[]) => ApiRequest;

/** Returns an element by any number; a missing part if there are none. */
function pick<T>(list: readonly T[], at: number, missing: T): T {
  return list[at % Math.max(1, list.length)] ?? missing;
}

const post =
  (path: string, body: object): MakeRequest =>
  ({ id }) => ({ method: 'POST', path: `/vms/${id}${path}`, body });

const power = fc
  .constantFrom('start', 'shutdown', 'stop', 'restart', 'reset', 'save', 'pause', 'resume')
  .map((action) => post(`/${action}`, {}));

const update = fc
  .record(
    {
      processors: fc.constantFrom(1, 2, 4, 999),
      notes: fc.constantFrom('', 'a', 'b'),
      memory: fc.constantFrom(
        { dynamic: false, startup: gibibyte },
        { dynamic: false, startup: 2 * gibibyte },
        { dynamic: true, startup: gibibyte, minimum: gibibyte, maximum: 4 * gibibyte, bufferPercent: 20 },
      ),
      secureBoot: fc.constantFrom('MicrosoftWindows', 'off'),
      automaticStopAction: fc.constantFrom('Save', 'TurnOff', 'ShutDown'),
      checkpointType: fc.constantFrom('Disabled', 'Standard', 'Production', 'ProductionOnly'),
      name: fc.nat(20),
    },
    { requiredKeys: [] },
  )
  .map(({ name, ...body }): MakeRequest => ({ id }, others) => {
    const renamed =
      name === undefined ? {} : { name: name < 5 ? pick(others, name, others[0] as Vm).name : `VM-${name}` };
    return { method: 'PATCH', path: `/vms/${id}`, body: { ...body, ...renamed } };
  });

const deletion = fc
  .record({ force: fc.boolean(), deleteDisks: fc.boolean(), isRight: fc.nat(9) })
  .map(({ force, deleteDisks, isRight }): MakeRequest => ({ id, name }) => {
    const query = `name=${isRight === 0 ? 'OTHER' : name}&force=${force}&deleteDisks=${deleteDisks}`;
    return { method: 'DELETE', path: `/vms/${id}?${query}` };
  });

const cluster = fc.oneof(
  fc.constantFrom('n1', 'n2', 'alone', null).map((targetHostId) => post('/move', { targetHostId })),
  fc.constant(post('/cluster-role', {})),
  fc.constant<MakeRequest>(({ id }) => ({ method: 'DELETE', path: `/vms/${id}/cluster-role` })),
);

const newDisk = fc.constantFrom(
  { image: 'debian-12', sizeBytes: null },
  { image: 'debian-12', sizeBytes: gibibyte },
  { image: 'unknown', sizeBytes: null },
  { sizeBytes: gibibyte, type: 'Dynamic' },
  { sizeBytes: 16 * gibibyte, type: 'Fixed' },
  { sizeBytes: 4000 * gibibyte, type: 'Fixed' },
);

const disk = fc.oneof(
  fc
    .record({ disk: newDisk, storageClass: fc.constantFrom('V1', 'Local', 'unknown', null) })
    .map((body) => post('/disks', body)),
  fc.nat(40).map((at): MakeRequest => (vm, others) => {
    const paths = others.flatMap(({ disks }) => disks.map(({ path }) => path));
    return post('/disks/attach', { path: pick(paths, at, 'D:\\Hyper-V\\unknown.vhdx') })(vm, others);
  }),
  fc
    .record({
      at: fc.nat(3),
      isRight: fc.nat(5),
      gb: fc.constantFrom(1, 64, 9000),
      what: fc.constantFrom('detach', 'grow', 'delete'),
    })
    .map(({ at, isRight, gb, what }): MakeRequest => (vm, others) => {
      const { id, path } = pick<{ id: string; path: string }>(vm.disks, at, {
        id: 'scsi-0-9',
        path: 'D:\\x.vhdx',
      });
      const expected = isRight === 0 ? 'D:\\other.vhdx' : path;
      if (what === 'delete') {
        return { method: 'DELETE', path: `/vms/${vm.id}/disks/${id}?path=${encodeURIComponent(expected)}` };
      }
      const body = what === 'grow' ? { path: expected, sizeBytes: gb * gibibyte } : { path: expected };
      return post(`/disks/${id}/${what}`, body)(vm, others);
    }),
  fc.constantFrom('en-us_windows_server_2025.iso', 'unknown.iso').map((iso) => post('/dvd/insert', { iso })),
  fc.nat(2).map(
    (at): MakeRequest =>
      (vm, others) =>
        post('/dvd/eject', {
          driveId: pick(vm.dvdDrives, at, { id: 'scsi-0-9' } as Vm['dvdDrives'][number]).id,
        })(vm, others),
  ),
);

const adapter = fc
  .record({
    at: fc.nat(2),
    network: fc.constantFrom('servers', 'dmz', 'unknown', null),
    macAddress: fc.constantFrom(null, '00155D0000AA', '00155D0000BB'),
    what: fc.constantFrom('add', 'remove', 'connect', 'mac'),
  })
  .map(({ at, network, macAddress, what }): MakeRequest => (vm, others) => {
    if (what === 'add') return post('/network-adapters', { network, macAddress })(vm, others);
    const id = vm.networkAdapters[at]?.id ?? '00000000-0000-4000-8000-000000000000';
    if (what === 'remove') return { method: 'DELETE', path: `/vms/${vm.id}/network-adapters/${id}` };
    return post(`/network-adapters/${id}/${what}`, what === 'mac' ? { macAddress } : { network })(vm, others);
  });

const checkpoint = fc
  .record({
    at: fc.nat(3),
    flag: fc.boolean(),
    what: fc.constantFrom('create', 'create', 'apply', 'rename', 'delete'),
  })
  .map(({ at, flag, what }): MakeRequest => (vm, others) => {
    if (what === 'create') return post('/checkpoints', { name: `at ${at}` })(vm, others);
    const id = vm.checkpoints[at]?.id ?? '00000000-0000-4000-8000-000000000000';
    if (what === 'apply') return post(`/checkpoints/${id}/apply`, { force: flag })(vm, others);
    const path = `/vms/${vm.id}/checkpoints/${id}`;
    if (what === 'rename') return { method: 'PATCH', path, body: { name: 'renamed' } };
    return { method: 'DELETE', path: `${path}?subtree=${flag}` };
  });

const creation = fc
  .record({
    name: fc.nat(30),
    place: fc.constantFrom({}, { host: 'n1' }, { host: 'alone' }, { cluster: 'cl1' }),
    processors: fc.constantFrom(2, 64, 65),
    disks: fc.array(newDisk, { maxLength: 2 }),
    network: fc.constantFrom('servers', 'unknown', null),
    start: fc.boolean(),
  })
  .map(({ name, place, network, ...rest }): MakeRequest => (_, others) => ({
    method: 'POST',
    path: '/vms',
    body: {
      ...place,
      ...rest,
      name: name < 4 ? pick(others, name, others[0] as Vm).name : `NEW-${name}`,
      networkAdapters: [{ network, macAddress: null }],
    },
  }));

/** Requests for every command, those of parts of VMs more often than deletions. */
export const randomRequest: fc.Arbitrary<MakeRequest> = fc.oneof(
  { weight: 3, arbitrary: power },
  { weight: 3, arbitrary: update },
  { weight: 1, arbitrary: deletion },
  { weight: 2, arbitrary: cluster },
  { weight: 5, arbitrary: disk },
  { weight: 3, arbitrary: adapter },
  { weight: 4, arbitrary: checkpoint },
  { weight: 2, arbitrary: creation },
);
