import { VmFacts } from '@aether-v/types';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CimObject, CimValue } from './bridge/wql.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { skip, skipReason } from './support/pwsh.ts';
import { RawHost, sends } from './support/raw-host.ts';

const factsCheck = Compile(VmFacts);

/** What a part of the test's VM is, among the rows of all: a class, and the start of its InstanceID. */
const parts = ['Address', 'AddressOnParent', 'VirtualQuantity', 'Reservation', 'Limit', 'HostResource'];

/** Values that no page promises and no type forbids. */
const oddValue: fc.Arbitrary<CimValue> = fc.oneof(
  fc.constantFrom<CimValue>(null, '', -1, 0, 4_294_967_295, 2 ** 64, 1e300, 0.5, true, false),
  fc.constantFrom<CimValue>([], [null], [-1, null, 'x'], { nested: 'object' }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('x'.repeat(1_025), 'C:\\'.padEnd(40_000, 'y')),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

describe.skipIf(skip)(`values that the contract does not take${skipReason}`, { timeout: 600_000 }, () => {
  let host: RawHost;

  beforeAll(async () => {
    host = await RawHost.open(
      fleetOf([
        small('ODD', {
          state: 'Running',
          disksGb: [10, 20],
          dynamicGb: [1, 2],
          dvd: null,
          clustered: true,
          trunk: { native: 1, allowed: '1-5' },
          checkpoints: [{ name: 'first', ageHours: 2 }],
        }),
        small('EVEN', { state: 'Running', disksGb: [10] }),
      ]),
    );
  }, 120_000);

  afterEach(() => host.restore());

  afterAll(() => host[Symbol.asyncDispose]());

  /** Changes the rows of ODD that have a property. */
  function changeRows(className: string, change: CimObject, suffix = ''): void {
    const id = host.vm('ODD').vmId.toUpperCase();
    host.bridge.distort = (name, rows) =>
      rows.map((row) => {
        const isIts = [
          row['Name'],
          row['InstanceID'],
          row['SystemName'],
          row['Path'],
          row['VirtualSystemIdentifier'],
        ].some(
          (value) =>
            typeof value === 'string' &&
            value.includes(suffix) &&
            (value.includes(id) || value.includes('ODD')),
        );
        return name === className && isIts && Object.keys(change).every((key) => key in row)
          ? { ...row, ...change }
          : row;
      });
  }

  async function oddFacts(): Promise<VmFacts> {
    const seen = await host.inventory();
    // The neighbour is whole, whatever its neighbour says.
    expect(seen.get('EVEN')).toEqual({ ...host.vm('EVEN'), startedAt: expect.anything() as string });
    const odd = [...seen.values()].find(({ vmId }) => vmId === host.vm('ODD').vmId);
    if (!odd) throw new Error('The VM with the odd value is missing.');
    return odd;
  }

  const examples: readonly (readonly [string, string, CimObject, string, object])[] = [
    [
      'an unknown type of a disk',
      'Get-VHD',
      { VhdType: 'Unknown' },
      'disks scsi-0-0 type',
      { disks: [{ type: null, format: 'VHDX' }, {}] },
    ],
    [
      'an empty MAC address',
      'CIM_ResourceAllocationSettingData',
      { Address: '', StaticMacAddress: true },
      ' macAddress',
      { networkAdapters: [{ macAddress: null, name: 'Network Adapter' }] },
    ],
    [
      'no creation time',
      'Msvm_VirtualSystemSettingData',
      { CreationTime: null },
      'createdAt',
      { createdAt: null },
    ],
    [
      'a path of 1,025 characters',
      'Msvm_VirtualSystemSettingData',
      { ConfigurationDataRoot: 'C:\\'.padEnd(1_025, 'x') },
      'configurationPath',
      { configurationPath: '' },
    ],
    [
      'a trunk without a list',
      'Msvm_EthernetSwitchPortVlanSettingData',
      { TrunkVlanIdArray: null },
      ' vlan allowedVlanIds',
      { networkAdapters: [{ vlan: { mode: 'Trunk', nativeVlanId: 1, allowedVlanIds: null } }] },
    ],
    [
      'a state that Hyper-V does not have',
      'Msvm_ComputerSystem',
      { EnabledState: 77 },
      'state',
      { state: 'Other' },
    ],
    ['no state', 'Msvm_ComputerSystem', { EnabledState: null }, 'state', { state: 'Other' }],
    [
      'an operational status that Hyper-V does not have',
      'Msvm_ComputerSystem',
      { OperationalStatus: [2, 40_000] },
      'activity',
      { activity: null },
    ],
    [
      'more memory than any host has',
      'CIM_ResourceAllocationSettingData',
      { VirtualQuantity: 2 ** 64, DynamicMemoryEnabled: true },
      'memory startup',
      { memory: { dynamic: true, startup: 0 } },
    ],
    [
      'an action that Hyper-V does not have',
      'Msvm_VirtualSystemSettingData',
      { AutomaticShutdownAction: 9 },
      'automaticStopAction',
      { automaticStopAction: null },
    ],
    [
      'a checkpoint of a kind that Hyper-V does not have',
      'Msvm_VirtualSystemSettingData',
      { VirtualSystemType: 'Microsoft:Hyper-V:Snapshot:New' },
      ' type',
      { checkpoints: [{ type: null }] },
    ],
  ];

  test.each(examples)(
    '%s costs its field, and is said on that VM',
    async (_what, className, change, part, reported) => {
      const suffix =
        className === 'Msvm_VirtualSystemSettingData' && 'VirtualSystemType' in change
          ? host.vm('ODD').checkpoints[0]?.id.toUpperCase()
          : '';
      if (suffix) {
        host.bridge.distort = (name, rows) =>
          rows.map((row) =>
            name === className && row['InstanceID'] === `Microsoft:${suffix}` ? { ...row, ...change } : row,
          );
      } else changeRows(className, change);
      const odd = await oddFacts();
      expect(odd).toMatchObject(reported);
      expect(odd.problems.map((problem) => problem.part).join('|')).toContain(part);
    },
  );

  test.each(['', '000000000000'])(
    'a dynamic MAC address that was never given (%j) is null, and no problem',
    async (address) => {
      changeRows('CIM_ResourceAllocationSettingData', { Address: address, StaticMacAddress: false });
      const facts = await oddFacts();
      expect(facts.networkAdapters).toMatchObject([{ macAddress: null, dynamicMacAddress: true }]);
      expect(facts.problems.filter(({ part }) => part.endsWith('macAddress'))).toEqual([]);
    },
  );

  test('the state of a role that arrives as 4294967295 is Unknown', async () => {
    host.bridge.distort = (name, rows) =>
      name === 'MSCluster_ResourceGroup' ? rows.map((row) => ({ ...row, State: 4_294_967_295 })) : rows;
    expect((await oddFacts()).clusterRole).toMatchObject({ state: 'Unknown' });
  });

  test('reports an integration service as disabled if its EnabledState is a list', async () => {
    changeRows('CIM_ResourceAllocationSettingData', { EnabledState: [2, null] });
    const { integrationServices } = await oddFacts();
    expect(integrationServices.length).toBeGreaterThan(0);
    expect(integrationServices.map(({ enabled }) => enabled)).toEqual(integrationServices.map(() => false));
  });

  test('whatever stands in any field of any object of a VM, the VM is reported within the contract', async () => {
    const classes: Readonly<Record<string, readonly string[]>> = {
      Msvm_ComputerSystem: [
        'ElementName',
        'EnabledState',
        'OtherEnabledState',
        'HealthState',
        'OperationalStatus',
        'ReplicationMode',
        'OnTimeInMilliseconds',
        'TimeOfLastStateChange',
      ],
      Msvm_VirtualSystemSettingData: [
        'VirtualSystemSubType',
        'Version',
        'ConfigurationDataRoot',
        'AutomaticStartupAction',
        'AutomaticStartupActionDelay',
        'AutomaticShutdownAction',
        'SecureBootEnabled',
        'SecureBootTemplateId',
        'BootSourceOrder',
        'ElementName',
        'CreationTime',
        'Notes',
        'Parent',
        'UserSnapshotType',
        'IsSaved',
      ],
      CIM_ResourceAllocationSettingData: [
        ...parts,
        'Parent',
        'ElementName',
        'EnabledState',
        'DynamicMemoryEnabled',
        'TargetMemoryBuffer',
        'StaticMacAddress',
        'PersistentReservationsSupported',
      ],
      Msvm_EthernetSwitchPortVlanSettingData: [
        'OperationMode',
        'AccessVlanId',
        'NativeVlanId',
        'TrunkVlanIdArray',
      ],
      Msvm_GuestNetworkAdapterConfiguration: ['IPAddresses'],
      Msvm_SecuritySettingData: ['TpmEnabled'],
      Msvm_HeartbeatComponent: ['OperationalStatus', 'EnabledState'],
      Msvm_KvpExchangeComponent: ['GuestIntrinsicExchangeItems', 'OperationalStatus'],
      Msvm_SummaryInformation: [
        'UpTime',
        'MemoryUsage',
        'MemoryAvailable',
        'ProcessorLoad',
        'AsynchronousTasks',
        'Heartbeat',
        'GuestOperatingSystem',
      ],
      'Get-VHD': ['VhdFormat', 'VhdType', 'Size', 'FileSize', 'ParentPath'],
      MSCluster_ResourceGroup: ['State', 'OwnerNode'],
    };
    const fields = Object.entries(classes).flatMap(([name, all]) =>
      all.map((field) => [name, field] as const),
    );
    const one = fc.tuple(fc.constantFrom(...fields), oddValue);
    const change = fc.uniqueArray(one, {
      minLength: 4,
      maxLength: 12,
      selector: ([[name, field]]) => `${name}.${field}`,
    });
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const id = host.vm('ODD').vmId.toUpperCase();
        host.bridge.distort = (name, rows) =>
          rows.map((row) => {
            const isIts =
              name === 'MSCluster_ResourceGroup' ||
              [
                row['Name'],
                row['InstanceID'],
                row['SystemName'],
                row['Path'],
                row['VirtualSystemIdentifier'],
              ].some((value) => typeof value === 'string' && (value.includes(id) || value.includes('ODD')));
            if (!isIts) return row;
            const wanted = changes.filter(([[className, field]]) => className === name && field in row);
            return { ...row, ...Object.fromEntries(wanted.map(([[, field], value]) => [field, value])) };
          });
        const lines = await host.call('inventory');
        expect(lines.at(-1)).toMatchObject({ type: 'result', result: { vms: 2 } });
        const seen = lines
          .flatMap((line) => (line.type === 'item' ? [line.item as { vm?: unknown }] : []))
          .flatMap(({ vm }) => (vm ? [vm] : []));
        for (const vm of seen) {
          if (!factsCheck.Check(vm)) throw new Error(JSON.stringify([...factsCheck.Errors(vm)].slice(0, 3)));
        }
      }),
      { numRuns: 12, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    );
  });

  test('a state that changes every field is one VM with at most 32 problems', async () => {
    host.bridge.distort = sends(host.vm('ODD'), {
      Msvm_ComputerSystem: {
        EnabledState: 99,
        HealthState: 99,
        ReplicationMode: 99,
        OperationalStatus: Array.from({ length: 50 }, (_, index) => 50_000 + index),
      },
    });
    const odd = await oddFacts();
    expect(odd.problems).toHaveLength(32);
    expect(odd.problems.at(-1)).toMatchObject({ part: 'problems' });
  });
});
