import type { OperationName, VmFacts } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallHook } from './bridge/bridge.ts';
import { StubError } from './bridge/stub-error.ts';
import { createRequest } from './conformance/lifecycle-scenarios.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { PowerShellFarm } from './support/agent-host.ts';
import { OneHost } from './support/one-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const gibibyte = 1024 ** 3;
const image = 'debian-12';

/** An operation with one step that Hyper-V may do and then call a failure. */
interface Case {
  /** The method or cmdlet that does the step. */
  readonly call: string;
  readonly op: OperationName;
  readonly request: (vm: VmFacts) => object;
  /** Whether the host shows the step as done. */
  readonly isDone: (host: OneHost, before: VmFacts) => boolean;
}

const creation = {
  ...createRequest,
  name: 'NEW',
  disks: [],
  networkAdapters: [],
  dvd: null,
  clustered: false,
  start: true,
};

const named = (host: OneHost, name: string): VmFacts | undefined =>
  host.engine.vms('n1').find((vm) => vm.name === name);
const diskCount = (host: OneHost): number => host.vm('A').disks.length;
const checkpoint = ({ vmId, checkpoints: [first] }: VmFacts): object => ({ vmId, checkpointId: first?.id });

const cases: readonly Case[] = [
  ...['New-VM', 'Set-VMProcessor', 'Set-VMMemory', 'Set-VM', 'Set-VMFirmware', 'RequestStateChange'].map(
    (call) => ({
      call,
      op: 'vm.create' as const,
      request: () => creation,
      isDone: (host: OneHost) => named(host, 'NEW')?.state === 'Running',
    }),
  ),
  {
    call: 'CreateVirtualHardDisk',
    op: 'disk.create',
    request: ({ vmId }) => ({
      vmId,
      disk: { sizeBytes: 5 * gibibyte, type: 'Dynamic' },
      storageClass: null,
    }),
    isDone: (host) => host.vm('A').disks[1]?.size === 5 * gibibyte,
  },
  {
    call: 'ResizeVirtualHardDisk',
    op: 'disk.create',
    request: ({ vmId }) => ({ vmId, disk: { image, sizeBytes: 900 * gibibyte }, storageClass: null }),
    isDone: (host) => host.vm('A').disks[1]?.size === 900 * gibibyte,
  },
  {
    call: 'ResizeVirtualHardDisk',
    op: 'disk.grow',
    request: ({ vmId, disks: [disk] }) => ({
      vmId,
      diskId: disk?.id,
      path: disk?.path,
      sizeBytes: 20 * gibibyte,
    }),
    isDone: (host) => host.vm('A').disks[0]?.size === 20 * gibibyte,
  },
  {
    call: 'CreateSnapshot',
    op: 'checkpoint.create',
    request: ({ vmId }) => ({ vmId, name: 'two' }),
    isDone: (host) => host.vm('A').checkpoints.some(({ name }) => name === 'two'),
  },
  {
    call: 'ApplySnapshot',
    op: 'checkpoint.apply',
    request: (vm) => ({ ...checkpoint(vm), force: false }),
    isDone: (host, before) => host.vm('A').disks[0]?.path !== before.disks[0]?.path,
  },
  ...[['DestroySnapshot', false] as const, ['DestroySnapshotTree', true] as const].map(([call, subtree]) => ({
    call,
    op: 'checkpoint.delete' as const,
    request: (vm: VmFacts) => ({ ...checkpoint(vm), subtree }),
    isDone: (host: OneHost) => host.vm('A').checkpoints.length === 0,
  })),
];

/** A copy proves nothing by its size: only its job says whether all of it was written. */
const copy: Case = {
  call: 'ConvertVirtualHardDisk',
  op: 'disk.create',
  request: ({ vmId }) => ({ vmId, disk: { image, sizeBytes: null }, storageClass: null }),
  isDone: (host) => diskCount(host) === 2,
};

describe.skipIf(skip)(
  `steps that Hyper-V has done and calls failed${skipReason}`,
  { timeout: 300_000 },
  () => {
    let farm: PowerShellFarm;
    beforeAll(async () => {
      farm = await PowerShellFarm.open();
    }, 120_000);
    afterAll(() => farm[Symbol.asyncDispose]());

    const open = (one: Case): Promise<OneHost> => {
      const checkpoints = one.op.startsWith('checkpoint.') ? [{ name: 'one', ageHours: 9 }] : [];
      return OneHost.open(farm, fleetOf([small('A', { disksGb: [10], checkpoints })]));
    };
    /** What becomes of the first call that does the step. */
    const atFirst = (host: OneHost, { call }: Case, fate: ReturnType<CallHook>): void => {
      let seen = 0;
      host.host.bridge.hook = (_number, { name, parameters }) =>
        [name, parameters['MethodName']].includes(call) && seen++ === 0 ? fate : undefined;
    };

    const isMethod = ({ call }: Case): boolean => !call.includes('-');
    const titled = (list: readonly Case[]): [string, string, Case][] =>
      list.map((one) => [one.call, one.op, one]);

    test.each(titled([...cases, copy]))(
      'a lost answer of %s does not fail %s whose step is done',
      async (_call, _op, one) => {
        await using host = await open(one);
        const before = host.vm('A');
        atFirst(host, one, 'throw-after');
        expect(await host.run(one.op, one.request(before))).toMatchObject({ type: 'result' });
        expect(one.isDone(host, before)).toBe(true);
      },
    );

    test.each(titled(cases.filter(isMethod)))(
      'a job of %s that ends in an error does not fail %s whose step is done',
      async (_call, _op, one) => {
        await using host = await open(one);
        const before = host.vm('A');
        host.host.bridge.distort = (className, rows) =>
          className === 'CIM_ConcreteJob'
            ? rows.map((row) =>
                row['JobState'] === 7
                  ? { ...row, JobState: 10, ErrorCode: 32_768, ErrorDescription: 'It failed.' }
                  : row,
              )
            : rows;
        expect(await host.run(one.op, one.request(before))).toMatchObject({ type: 'result' });
        expect(one.isDone(host, before)).toBe(true);
      },
    );

    test.each(titled(cases))(
      '%s that fails without an effect ends %s with its error',
      async (_c, _o, one) => {
        await using host = await open(one);
        const before = host.vm('A');
        atFirst(host, one, new StubError('The network path was not found.', { id: 'OperationFailed' }));
        expect(await host.run(one.op, one.request(before))).toMatchObject({
          type: 'error',
          error: { message: expect.stringContaining('The network path was not found.') as string },
        });
        expect(one.isDone(host, before)).toBe(false);
        expect(named(host, 'NEW')).toBeUndefined();
        expect(host.vm('A').disks.map(({ path }) => path)).toEqual(before.disks.map(({ path }) => path));
      },
    );

    test('a copy whose job ends in an error is not taken for a disk, however large it is', async () => {
      await using host = await open(copy);
      const before = host.vm('A');
      host.host.bridge.distort = (className, rows) =>
        className === 'CIM_ConcreteJob' || className === 'Msvm_StorageJob'
          ? rows.map((row) => (row['JobState'] === 7 ? { ...row, JobState: 10, ErrorCode: 32_768 } : row))
          : rows;
      expect(await host.run(copy.op, copy.request(before))).toMatchObject({ type: 'error' });
      expect(diskCount(host)).toBe(1);
    });

    test.each(titled(cases.filter(isMethod)))(
      'a code of failure that %s returns does not fail %s whose step is done',
      async (_call, _op, one) => {
        await using host = await open(one);
        const before = host.vm('A');
        atFirst(host, one, { afterwards: [{ ReturnValue: 32_768, Job: null }] });
        expect(await host.run(one.op, one.request(before))).toMatchObject({ type: 'result' });
        expect(one.isDone(host, before)).toBe(true);
      },
    );

    test('a VM that an operation made is taken away although Remove-VM acts and then fails', async () => {
      const one = cases[0] as Case;
      await using host = await open(one);
      host.host.bridge.hook = (_number, { name }) => {
        if (name === 'New-VM' || name === 'Remove-VM') return 'throw-after';
        return name === 'Set-VMProcessor' ? new StubError('It cannot be set.') : undefined;
      };
      const last = await host.run(one.op, one.request(host.vm('A')));
      expect(last).toMatchObject({ type: 'error' });
      expect(JSON.stringify(last)).not.toContain('could not be rolled back');
      expect(named(host, 'NEW')).toBeUndefined();
    });
  },
);
