import type { FleetSpec, HyperVEngine, VmSpec } from '@aether-v/hyperv-sim/engine';
import type { OperationName, VmFacts } from '@aether-v/types';
import { settingsOf } from '../conformance/editable-settings.ts';
import { createRequest } from '../conformance/lifecycle-scenarios.ts';
import { fleetOf, small } from '../conformance/worlds.ts';

const gibibyte = 1024 ** 3;

/** An operation whose agent is killed at each of its calls. */
export interface KillCase {
  readonly name: string;
  readonly op: OperationName;
  readonly fleet: FleetSpec;
  readonly request: (engine: HyperVEngine) => unknown;
  /** Why it leaves the world as it was, although it succeeds. */
  readonly unchanged?: string;
}

function vm(engine: HyperVEngine): VmFacts {
  const found = engine.vms('n1').find(({ name }) => name === 'A');
  if (!found) throw new Error('There is no A.');
  return found;
}

const one = (spec: Partial<VmSpec>): FleetSpec => fleetOf([small('A', spec), small('B', { disksGb: [5] })]);

function killCase(
  op: OperationName,
  spec: Partial<VmSpec>,
  request: (vm: VmFacts) => Record<string, unknown>,
  name: string = op,
): KillCase {
  return {
    name,
    op,
    fleet: one(spec),
    request: (engine) => ({ vmId: vm(engine).vmId, ...request(vm(engine)) }),
  };
}

const disk = ({ disks: [first] }: VmFacts): Record<string, unknown> => ({
  diskId: first?.id,
  path: first?.path,
});
const checkpoint = ({ checkpoints: [first] }: VmFacts): Record<string, unknown> => ({
  checkpointId: first?.id,
});
const tree = {
  disksGb: [10],
  checkpoints: [
    { name: 'one', ageHours: 9 },
    { name: 'two', ageHours: 8 },
  ],
};
const running = { state: 'Running', disksGb: [10] } as const;

/** Every operation that changes something. */
export const killCases: readonly KillCase[] = [
  {
    name: 'vm.create',
    op: 'vm.create',
    fleet: one({}),
    request: () => ({ ...createRequest, start: true }),
  },
  {
    name: 'vm.delete',
    op: 'vm.delete',
    fleet: one({
      ...tree,
      state: 'Running',
      clustered: true,
      disksGb: [10, 5],
      dvd: 'C:\\ClusterStorage\\V1\\ISO\\tools.iso',
    }),
    request: (engine) => ({ vmId: vm(engine).vmId, name: 'A', force: true, deleteDisks: true }),
  },
  killCase('vm.start', {}, () => ({})),
  {
    ...killCase('vm.reset', running, () => ({})),
    unchanged: 'It runs before and after; only since when differs, and moments are not compared.',
  },
  killCase('vm.shutdown', running, () => ({ force: false })),
  killCase('vm.update', { disksGb: [10] }, (facts) => ({
    changes: { name: 'A-2', notes: 'x', processors: 3, secureBoot: 'off', checkpointType: 'Disabled' },
    // A resumed operation must not take its own earlier changes for those of another.
    expected: settingsOf(facts),
  })),
  killCase('disk.create', { disksGb: [10] }, () => ({
    disk: { image: 'debian-12', sizeBytes: 30 * gibibyte },
    storageClass: 'Local',
  })),
  killCase('disk.detach', { disksGb: [10] }, disk),
  killCase('disk.grow', { disksGb: [10] }, (facts) => ({ ...disk(facts), sizeBytes: 20 * gibibyte })),
  killCase('disk.delete', { disksGb: [10] }, disk),
  killCase('dvd.insert', {}, () => ({ driveId: null, iso: 'ubuntu-24.04.2-live-server-amd64.iso' })),
  killCase('adapter.add', {}, () => ({ adapter: { network: 'servers', macAddress: '02005E000001' } })),
  killCase('adapter.remove', {}, ({ networkAdapters: [first] }) => ({ adapterId: first?.id })),
  killCase('adapter.connect', {}, ({ networkAdapters: [first] }) => ({
    adapterId: first?.id,
    network: 'servers',
    vlanId: 7,
  })),
  killCase('adapter.setMac', {}, ({ networkAdapters: [first] }) => ({
    adapterId: first?.id,
    macAddress: '02005E000002',
  })),
  killCase('checkpoint.create', running, () => ({ name: 'mine' })),
  killCase('checkpoint.apply', { ...tree, state: 'Running' }, (facts) => ({
    ...checkpoint(facts),
    force: true,
  })),
  killCase('checkpoint.rename', tree, (facts) => ({ ...checkpoint(facts), name: 'other' })),
  killCase('checkpoint.delete', tree, (facts) => ({ ...checkpoint(facts), subtree: true })),
  killCase('cluster.addVm', { disksGb: [10] }, () => ({})),
  killCase('cluster.removeVm', { clustered: true }, () => ({})),
  killCase('cluster.moveVm', { ...running, clustered: true }, () => ({ targetHostId: 'n2' })),
];
