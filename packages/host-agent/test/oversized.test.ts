import { maxLineBytes, VmFacts, type AgentLine, type HostFacts } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CimObject } from './bridge/wql.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { skip, skipReason } from './support/pwsh.ts';
import { itemsOf, RawHost } from './support/raw-host.ts';

const factsCheck = Compile(VmFacts);
/** A name that takes six bytes for each of its characters on a line. */
const long = 'ü'.repeat(1_000);

const checkpoints = Array.from({ length: 60 }, (_, index) => ({ name: `${index}`, ageHours: 100 - index }));
const disksGb = Array.from({ length: 60 }, () => 1);

const hostsOf = (lines: readonly AgentLine[]): HostFacts[] =>
  itemsOf(lines).flatMap((item) => ('host' in item && item.kind === 'host' ? [item.host as HostFacts] : []));

describe.skipIf(skip)(`a VM that does not fit into the inventory${skipReason}`, { timeout: 300_000 }, () => {
  let host: RawHost;

  beforeAll(async () => {
    host = await RawHost.open(
      fleetOf([
        small('TREE', { checkpoints }),
        small('BIG', { disksGb }),
        small('EVEN', { state: 'Running', disksGb: [10] }),
      ]),
    );
  }, 120_000);

  afterEach(() => host.restore());

  afterAll(() => host[Symbol.asyncDispose]());

  const isOf = (name: string, row: CimObject): boolean =>
    JSON.stringify(row).toUpperCase().includes(host.vm(name).vmId.toUpperCase());
  /** Makes a list of a VM too much for a line. */
  const swell = {
    checkpoints: () => {
      host.bridge.distort = (className, rows) =>
        className === 'Msvm_VirtualSystemSettingData'
          ? rows.map((row) =>
              isOf('TREE', row) && JSON.stringify(row['VirtualSystemType']).includes('Snapshot')
                ? { ...row, ElementName: long }
                : row,
            )
          : rows;
    },
    disks: () => {
      host.bridge.distort = (className, rows) =>
        className === 'CIM_ResourceAllocationSettingData'
          ? rows.map((row, index) =>
              isOf('BIG', row) && row['ResourceSubType'] === 'Microsoft:Hyper-V:Virtual Hard Disk'
                ? {
                    ...row,
                    HostResource: [`C:\\${index}${long}`],
                  }
                : row,
            )
          : rows;
    },
  };

  test.each(Object.entries(swell))(
    'whose %s are too much is reported with those that fit, and its neighbour is whole',
    async (part, grow) => {
      grow();
      for (const [op, request, seconds] of [
        ['inventory', {}, 3_600],
        ['watch', { usageSeconds: null, reconcileSeconds: 300 }, 10],
      ] as const) {
        const lines = await host.call(op, request, seconds);
        expect(lines.at(-1)).toMatchObject({ type: 'result' });
        const vms = new Map(itemsOf(lines).flatMap(({ vm }) => (vm ? [[vm.name, vm] as const] : [])));
        expect(vms.get('EVEN')).toMatchObject({ disks: host.vm('EVEN').disks, problems: [] });
        const big = vms.get(part === 'disks' ? 'BIG' : 'TREE') as VmFacts;
        const kept = big[part as keyof typeof swell];
        expect(kept.length).toBeGreaterThan(5);
        expect(kept.length).toBeLessThan(60);
        expect([...factsCheck.Errors(big)]).toEqual([]);
        expect(big.problems).toContainEqual({
          part,
          message: expect.stringContaining(`the first ${kept.length} are reported`) as string,
        });
        expect(JSON.stringify(big).length).toBeLessThan(maxLineBytes);
      }
    },
  );

  test('without a GUID is named among the problems of its host, and nothing says it is gone', async () => {
    const id = host.vm('BIG').vmId.toUpperCase();
    const rename = (row: CimObject): CimObject =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === id ? 'no GUID' : value]));
    host.bridge.distort = (_, rows) => rows.map(rename);
    const problem = { part: 'vms', message: expect.stringContaining('"BIG"') as string };
    const inventory = await host.call('inventory');
    expect(inventory.at(-1)).toMatchObject({ type: 'result', result: { vms: 2 } });
    expect(hostsOf(inventory).at(-1)?.problems).toEqual([problem]);
    let looks = 0;
    host.whenWaiting = () => {
      if (++looks === 3) host.restore();
    };
    const watch = await host.call('watch', { usageSeconds: 5, reconcileSeconds: 10 }, 20);
    expect(watch.at(-1)).toMatchObject({ type: 'result' });
    const hosts = hostsOf(watch);
    expect(hosts.some(({ problems }) => problems.length === 1 && problems[0]?.part === 'vms')).toBe(true);
    expect(hosts.at(-1)?.problems).toEqual([]);
    expect(JSON.stringify(watch)).not.toContain('no guid');
    expect(itemsOf(watch).map(({ kind }) => kind)).not.toContain('vm-removed');
  });
});
