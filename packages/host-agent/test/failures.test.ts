import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

/** Runs a script within the agent's module. */
const inside = (script: string): string => `& (Get-Module -Name AetherV.HostAgent) { ${script} }`;

/** Makes a function of the agent fail after it has done its work, as when the answer of Hyper-V never comes. */
const failAfter = (name: string): string =>
  inside(
    `$script:Real = \${function:${name}}
    function script:${name} { $null = & $script:Real @args; throw [System.TimeoutException]::new('No answer came.') }`,
  );

/** Makes a function of the agent fail in place of doing anything. */
const failInstead = (name: string): string =>
  inside(`function script:${name} { throw [System.TimeoutException]::new('No answer came.') }`);

async function lastOf(session: AgentSession, envelope: string): Promise<AgentLine | undefined> {
  let last: AgentLine | undefined;
  for await (const line of session.run(envelope)) last = parseLine(line);
  return last;
}

const envelope = (number: number, op: string, request: unknown): string =>
  JSON.stringify({
    contract: 2,
    id: operationId(number),
    op,
    timeoutSeconds: 3_600,
    actor: 'ann',
    request,
  });

describe.skipIf(skip)(`errors that prove nothing${skipReason}`, { timeout: 300_000 }, () => {
  let farm: PowerShellFarm;
  let host: AgentHost;
  let engine: HyperVEngine;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
    const clock = createFakeClock();
    const vms = [small('A'), small('B'), small('OFF', { disksGb: [10] })];
    engine = new HyperVEngine({ clock, seed: 'failures', fleet: fleetOf(vms) });
    host = await AgentHost.open(farm, {
      engine,
      hostId: 'n1',
      advance: (milliseconds) => clock.advance(milliseconds),
    });
  }, 120_000);

  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    engine.dispose();
  });

  const idOf = (name: string): string => {
    const vm = engine.vms('n1').find((one) => one.name === name);
    if (!vm) throw new Error(`There is no ${name}.`);
    return vm.vmId;
  };

  test.each([
    ['asking', 'A', failAfter('Invoke-VmStateChange'), 1],
    ['following', 'B', failInstead('Get-VmJob'), 2],
  ] as const)(
    'an action whose %s fails stays open, and its status tells the end',
    async (_when, vm, fail, number) => {
      const session = await host.session();
      await session.script(fail);
      expect(await lastOf(session, envelope(number, 'vm.start', { vmId: idOf(vm) }))).toMatchObject({
        type: 'error',
        error: { code: 'outcome-unknown' },
      });
      const other = await host.session();
      await other.script(inside('Wait-HostTime -Milliseconds 60000'));
      expect(
        await lastOf(other, envelope(number + 100, 'operation.status', { operationId: operationId(number) })),
      ).toMatchObject({ type: 'result', result: { state: 'succeeded', result: { state: 'Running' } } });
      farm.put(other);
    },
  );

  test('a deletion that fails after the VM is gone is finished by the same id', async () => {
    const request = { vmId: idOf('OFF'), name: 'OFF', force: false, deleteDisks: true };
    const session = await host.session();
    await session.script(failInstead('Wait-SagaMerge'));
    expect(await lastOf(session, envelope(3, 'vm.delete', request))).toMatchObject({
      type: 'error',
      error: { code: 'outcome-unknown' },
    });
    const other = await host.session();
    expect(
      await lastOf(other, envelope(103, 'operation.status', { operationId: operationId(3) })),
    ).toMatchObject({ result: { state: 'unknown' } });
    const end = await lastOf(other, envelope(3, 'vm.delete', request));
    expect(end).toMatchObject({ type: 'result', result: { remaining: [] } });
    expect(JSON.stringify(end)).toContain('.vhdx');
    farm.put(other);
  });

  test.each([
    ["[System.IO.File]::Delete('/')", 'access-denied'],
    [
      "throw (Add-Member -InputObject ([System.Exception]::new('x')) -PassThru NativeErrorCode 2)",
      'access-denied',
    ],
    [
      "throw (Add-Member -InputObject ([System.Exception]::new('x')) -PassThru NativeErrorCode 1)",
      'internal',
    ],
    ['throw [System.ComponentModel.Win32Exception]::new(2)', 'internal'],
  ])('%s is %s', async (script, code) => {
    const session = await host.session();
    const said = await session.script(
      inside(`try { ${script} } catch { (ConvertTo-ErrorInfo -ErrorRecord $_)['code'] }`),
    );
    expect(said).toEqual([code]);
    farm.put(session);
  });

  test('a replacement that stopped half-way has lost nothing, and the next one ends it', async () => {
    const session = await host.session();
    const path = join(host.dataFolder, 'whole');
    writeFileSync(path, 'before');
    renameSync(path, `${path}.old`);
    const read = `param($Path) & (Get-Module -Name AetherV.HostAgent) { param($Path) Read-WholeFile -Path $Path } $Path`;
    const write = `param($Path) & (Get-Module -Name AetherV.HostAgent) { param($Path) Set-WholeFile -Path $Path -Text 'after' } $Path`;
    expect(await session.script(read, { Path: path })).toEqual(['before']);
    await session.script(write, { Path: path });
    expect(await session.script(read, { Path: path })).toEqual(['after']);
    expect(existsSync(`${path}.old`)).toBe(false);
    farm.put(session);
  });

  test('where a GUID makes no role, the name of the VM does', async () => {
    const session = await host.session();
    const vmId = idOf('B');
    await session.script(
      inside(`$script:Real = \${function:Invoke-AddVirtualMachine}
      function script:Invoke-AddVirtualMachine([string] $VirtualMachine) {
        if ($VirtualMachine -cne 'B') { throw [System.InvalidOperationException]::new('No such name.') }
        & $script:Real -VirtualMachine '${vmId}'
      }`),
    );
    expect(await lastOf(session, envelope(70, 'cluster.addVm', { vmId }))).toMatchObject({
      type: 'result',
      result: { role: { name: 'B' } },
    });
    farm.kill(session);
  });

  test('a node whose cluster service is stopped is a host without a cluster', async () => {
    const clock = createFakeClock();
    const fleet = fleetOf([small('A', { clustered: true })]);
    const node = new HyperVEngine({ clock, seed: 'stopped', fleet });
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using stopped = await AgentHost.open(farm, { engine: node, hostId: 'n1', advance });
    stopped.bridge.stopClusterService();
    const session = await stopped.session();
    const lines: string[] = [];
    for await (const line of session.run(envelope(60, 'inventory', {}))) lines.push(line);
    expect(lines.map((line) => parseLine(line).type)).toContain('result');
    expect(lines.some((line) => line.includes('"kind":"host"') && line.includes('"clusterId":null'))).toBe(
      true,
    );
    farm.put(session);
    node.dispose();
  });

  test('an operation whose session died between steps is not ended by cancelling it', async () => {
    const session = await host.session();
    const entry = { operationId: operationId(50), op: 'vm.create', state: 'running', vmId: null };
    const record = { entry, target: null, step: 'begun', facts: { job: null } };
    writeFileSync(join(host.dataFolder, 'journal', `${entry.operationId}.json`), JSON.stringify(record));
    expect(
      await lastOf(session, envelope(51, 'operation.cancel', { operationId: entry.operationId })),
    ).toMatchObject({ result: { accepted: false } });
    farm.put(session);
  });
});
