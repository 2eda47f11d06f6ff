import type { AgentLine } from '@aether-v/types';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { StubCall } from './bridge/bridge.ts';
import { StubError } from './bridge/stub-error.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { carryOut } from './support/carry-out.ts';
import { skip, skipReason } from './support/pwsh.ts';

describe.skipIf(skip)(`hosts that differ from one another${skipReason}`, { timeout: 300_000 }, () => {
  let farm: PowerShellFarm;
  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  }, 120_000);
  afterAll(() => farm[Symbol.asyncDispose]());

  interface Stage {
    readonly engine: HyperVEngine;
    readonly host: AgentHost;
    readonly session: AgentSession;
  }

  async function onHost(play: (stage: Stage) => Promise<void>): Promise<void> {
    const clock = createFakeClock();
    const vms = [small('A'), small('B', { clustered: true })];
    const engine = new HyperVEngine({ clock, seed: 'differences', fleet: fleetOf(vms) });
    onTestFinished(() => engine.dispose());
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    const session = await host.session();
    await play({ engine, host, session });
    // The session has learned what this host is like.
    farm.kill(session);
  }

  const settingsOf = (call: StubCall): unknown =>
    (call.parameters['Arguments'] as Record<string, unknown> | undefined)?.['SnapshotSettings'];
  const refusals = [
    ['an error', new StubError('Invalid method Parameter(s)', { nativeErrorCode: 4 })],
    ['Invalid Parameter', [{ ReturnValue: 32_773, Job: null }]],
  ] as const;

  test.each([
    ['an empty SnapshotSettings', ...refusals[0], (settings: unknown) => settings === '', ['', undefined]],
    ['an empty SnapshotSettings', ...refusals[1], (settings: unknown) => settings === '', ['', undefined]],
    ['a call without SnapshotSettings', ...refusals[0], (settings: unknown) => settings === undefined, ['']],
  ] as const)(
    'a host that refuses %s by %s takes a checkpoint, and the form that worked is remembered',
    async (_what, _how, refusal, refuses, tried) => {
      await onHost(async ({ engine, host, session }) => {
        const forms: unknown[] = [];
        host.bridge.hook = (_number, call) => {
          if (call.parameters['MethodName'] !== 'CreateSnapshot') return undefined;
          forms.push(settingsOf(call));
          return refuses(settingsOf(call)) ? refusal : undefined;
        };
        const vmId = engine.vms('n1')[0]?.vmId;
        const first = await carryOut(session, 1, 'checkpoint.create', { vmId, name: 'one' });
        expect(first.at(-1)).toMatchObject({ type: 'result' });
        expect(forms).toEqual(tried);
        const second = await carryOut(session, 2, 'checkpoint.create', { vmId, name: 'two' });
        expect(second.at(-1)).toMatchObject({ type: 'result' });
        expect(forms).toEqual([...tried, tried.at(-1)]);
        expect(engine.vms('n1')[0]?.checkpoints.map(({ name }) => name)).toEqual(['one', 'two']);
      });
    },
  );

  test('a host that refuses every form of CreateSnapshot ends the operation, and nothing is tried again', async () => {
    await onHost(async ({ engine, host, session }) => {
      let tries = 0;
      host.bridge.hook = (_number, call) => {
        if (call.parameters['MethodName'] !== 'CreateSnapshot') return undefined;
        tries++;
        return new StubError('Access denied', { nativeErrorCode: 2 });
      };
      const vmId = engine.vms('n1')[0]?.vmId;
      const lines = await carryOut(session, 1, 'checkpoint.create', { vmId, name: 'one' });
      expect(lines.at(-1)).toMatchObject({ type: 'error', error: { code: 'access-denied' } });
      expect(tries).toBe(1);
    });
  });

  test('a move without a target names a node: the one that is up and owns the fewest groups', async () => {
    await onHost(async ({ engine, session }) => {
      const vmId = engine.vms('n1').find(({ name }) => name === 'B')?.vmId;
      const lines = await carryOut(session, 1, 'cluster.moveVm', { vmId, targetHostId: null });
      expect(lines.at(-1)).toMatchObject({ type: 'result', result: { hostId: 'n2' } });
    });
  });

  test('a class that cannot be read is missing from the inventory and named, and operations refuse to guess', async () => {
    const classes = {
      Msvm_EthernetSwitchPortVlanSettingData: 'networkAdapters vlan',
      Msvm_GuestNetworkAdapterConfiguration: 'networkAdapters ipAddresses',
      Msvm_SecuritySettingData: 'tpm',
      Msvm_LogicalIdentity: 'bootOrder',
      Msvm_HeartbeatComponent: 'integrationServices Heartbeat',
      Msvm_ShutdownComponent: 'integrationServices Shutdown',
      Msvm_TimeSyncComponent: 'integrationServices TimeSynchronization',
      Msvm_KvpExchangeComponent: 'integrationServices KeyValuePairExchange',
      Msvm_VssComponent: 'integrationServices Vss',
      Msvm_GuestServiceInterfaceComponent: 'integrationServices GuestServiceInterface',
    };
    await onHost(async ({ engine, host, session }) => {
      let number = 0;
      for (const [className, part] of Object.entries(classes)) {
        host.bridge.hook = (_number, call) =>
          call.parameters['ClassName'] === className
            ? new StubError('Generic failure', { nativeErrorCode: 1 })
            : undefined;
        const lines = await carryOut(session, ++number, 'inventory', {});
        expect(lines.at(-1)).toMatchObject({ type: 'result' });
        const vms = lines.flatMap((line) =>
          line.type === 'item' && (line.item as { readonly kind?: string }).kind === 'vm' ? [line.item] : [],
        );
        const problem = { part, message: `${className} cannot be read: Generic failure` };
        expect(vms).toHaveLength(2);
        for (const item of vms)
          expect(item).toMatchObject({ vm: { problems: expect.arrayContaining([problem]) as unknown[] } });
        const vmId = engine.vms('n1')[0]?.vmId;
        const change = await carryOut(session, ++number, 'checkpoint.create', { vmId, name: 'x' });
        expect(change.at(-1)).toMatchObject({ type: 'error' });
      }
      expect(engine.vms('n1')[0]?.checkpoints).toEqual([]);
    });
  });

  const hostItems = (lines: readonly AgentLine[], kind: string): Record<string, unknown>[] =>
    lines.flatMap((line) =>
      line.type === 'item' && (line.item as { readonly kind?: string }).kind === kind
        ? [line.item as Record<string, unknown>]
        : [],
    );

  test.each([
    ['Win32_OperatingSystem', 'osName', { osName: '', bootedAt: null, hostId: 'n1' }],
    ['Win32_ComputerSystem', 'model', { name: 'N1', hostId: 'n1', model: '', memory: 0 }],
    ['Win32_Processor', 'processorName', { processorName: null }],
    ['Get-VMHost', 'defaultVmPath', { defaultVmPath: '', defaultDiskPath: '' }],
    ['Get-VMSwitch', 'switches', { switches: [] }],
    ['MSCluster_Cluster', 'cluster', { nodeState: 'Unknown' }],
    ['MSCluster_Node', 'cluster', { nodeState: 'Unknown' }],
    ['Win32_Volume', 'cluster volumes', { nodeState: 'Up' }],
    ['Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor', 'usage', { nodeState: 'Up' }],
  ])('%s that cannot be read costs the part %s of the host, which is named', async (source, part, facts) => {
    await onHost(async ({ engine, host, session }) => {
      host.bridge.hook = (_number, { name, parameters }) =>
        name === source || parameters['ClassName'] === source
          ? new StubError('Generic failure', { nativeErrorCode: 1 })
          : undefined;
      for (const [number, op] of ['inventory', 'watch'].entries()) {
        const request = op === 'watch' ? { usageSeconds: 5, reconcileSeconds: 10 } : {};
        const lines = await carryOut(session, 1 + number, op, request, 30);
        expect(lines.at(-1)).toMatchObject({ type: 'result' });
        const [last] = hostItems(lines, 'host').slice(-1);
        const { clusterId } = engine.host('n1');
        const problem = { part, message: expect.stringContaining('Generic failure') as string };
        const problems = expect.arrayContaining([problem]) as unknown;
        expect(last).toMatchObject({ host: { ...facts, clusterId, problems } });
        const vms = hostItems(lines, 'vm').map(({ vm }) => vm);
        const named = engine.vms('n1').map(({ vmId, clusterRole }) => ({ vmId, clusterRole, problems: [] }));
        expect(vms).toMatchObject(named);
      }
    });
  });

  test.each(['MSCluster_ResourceGroup', 'MSCluster_Resource'])(
    '%s that cannot be read costs the roles of VMs, which is named',
    async (className) => {
      await onHost(async ({ host, session }) => {
        host.bridge.hook = (_number, { parameters }) =>
          parameters['ClassName'] === className
            ? new StubError('Generic failure', { nativeErrorCode: 1 })
            : undefined;
        const lines = await carryOut(session, 1, 'inventory', {});
        expect(lines.at(-1)).toMatchObject({ type: 'result', result: { vms: 2 } });
        for (const { vm } of hostItems(lines, 'vm'))
          expect(vm).toMatchObject({ clusterRole: null, problems: [{ part: 'clusterRole' }] });
      });
    },
  );

  test('usage and uptime that cannot be read are named, and the VMs are there', async () => {
    await onHost(async ({ host, session }) => {
      host.bridge.hook = (_number, { parameters }) =>
        parameters['MethodName'] === 'GetSummaryInformation'
          ? new StubError('Generic failure', { nativeErrorCode: 1 })
          : undefined;
      const lines = await carryOut(session, 1, 'inventory', {});
      expect(lines.at(-1)).toMatchObject({ type: 'result', result: { vms: 2 } });
      for (const { vm } of hostItems(lines, 'vm'))
        expect(vm).toMatchObject({ startedAt: null, problems: [{ part: 'startedAt' }] });
      expect(hostItems(lines, 'host').at(-1)).toMatchObject({ host: { problems: [{ part: 'usage' }] } });
    });
  });

  test.each([
    ['no Hyper-V module', "Remove-Module -Name Hyper-V -Force; $env:PSModulePath = '/nowhere'", undefined],
    ['no Hyper-V namespace', '', new StubError('Invalid namespace', { nativeErrorCode: 3 })],
  ])('a host with %s says so, with a remedy', async (_what, script, refusal) => {
    await onHost(async ({ host, session }) => {
      if (script !== '') await session.script(`Import-Module -Name CimCmdlets -Global; ${script}`);
      host.bridge.hook = (_number, { parameters }) =>
        String(parameters['Namespace']).startsWith('root\\virtualization') ? refusal : undefined;
      for (const op of ['inventory', 'watch']) {
        const request = op === 'watch' ? { usageSeconds: null, reconcileSeconds: 60 } : {};
        const lines = await carryOut(session, op === 'watch' ? 2 : 1, op, request);
        expect(lines.at(-1)).toMatchObject({
          type: 'error',
          error: {
            code: 'hyperv-missing',
            remedy: expect.stringContaining('Install-WindowsFeature') as string,
          },
        });
      }
    });
  });
});
