import type { VmFacts } from '@aether-v/types';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StubCall } from './bridge/bridge.ts';
import { parseLine } from './conformance/conversation.ts';
import { createRequest } from './conformance/lifecycle-scenarios.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const disk = { sizeBytes: 5 * 1024 ** 3, type: 'Dynamic' } as const;

/** Runs a script within the agent's module. */
function inside(script: string): string {
  return `& (Get-Module -Name AetherV.HostAgent) { ${script} }`;
}

describe.skipIf(skip)(
  `what came after an operation is not undone by it${skipReason}`,
  { timeout: 120_000 },
  () => {
    let farm: PowerShellFarm;
    beforeAll(async () => {
      farm = await PowerShellFarm.open();
    });
    afterAll(async () => {
      await farm[Symbol.asyncDispose]();
    });

    /** A host, and what is asked of it one session after another. */
    async function world(vm: Parameters<typeof small>[1]) {
      const clock = createFakeClock();
      const engine = new HyperVEngine({ clock, seed: 'takeover', fleet: fleetOf([small('A', vm)]) });
      const host = await AgentHost.open(farm, { engine, hostId: 'n1', advance: (ms) => clock.advance(ms) });
      const find = (name = 'A', hostId = 'n1'): VmFacts | undefined =>
        engine.vms(hostId).find((one) => one.name === name);
      const there = (name = 'A'): VmFacts => find(name) as VmFacts;
      const ask = async (number: number, op: string, request: unknown, before = ''): Promise<unknown> => {
        const session = await host.session();
        if (before !== '') await session.script(inside(before));
        const envelope = {
          contract: 2,
          id: operationId(number),
          op,
          timeoutSeconds: 3600,
          actor: 'ann',
          request,
        };
        let last: unknown;
        for await (const line of session.run(JSON.stringify(envelope))) last = parseLine(line);
        if (before === '') farm.put(session);
        else farm.kill(session);
        return last;
      };
      /** Asks, and kills the session at a call. */
      const die = async (
        number: number,
        op: string,
        request: unknown,
        at: (call: StubCall) => 'kill-before' | 'kill-after' | undefined,
      ): Promise<void> => {
        const session = await host.session();
        host.bridge.hook = (_number, call) => at(call);
        const envelope = {
          contract: 2,
          id: operationId(number),
          op,
          timeoutSeconds: 3600,
          actor: 'ann',
          request,
        };
        await expect(async () => {
          for await (const line of session.run(JSON.stringify(envelope))) parseLine(line);
        }).rejects.toThrow();
        host.bridge.hook = undefined;
        farm.forget(session);
      };
      const close = async (): Promise<void> => {
        await host[Symbol.asyncDispose]();
        engine.dispose();
      };
      return { engine, host, find, there, ask, die, [Symbol.asyncDispose]: close };
    }
    const method = (call: StubCall): unknown => call.parameters['MethodName'];

    test('a disk that was attached stays, and is the answer', async () => {
      await using it = await world({ state: 'Running', disksGb: [5] });
      const request = { vmId: it.there().vmId, disk, storageClass: null };
      await it.die(1, 'disk.create', request, ({ name }) =>
        name === 'Add-VMHardDiskDrive' ? 'kill-after' : undefined,
      );
      const before = it.there().disks;
      expect(before).toHaveLength(2);
      it.host.bridge.resetCounts();
      expect(await it.ask(1, 'disk.create', request)).toMatchObject({
        result: { disk: { path: before[1]?.path } },
      });
      expect(it.there().disks).toEqual(before);
      expect(it.host.bridge.trace.join()).not.toMatch(/Add-|Remove-|(Create|Convert|Resize)VirtualHardDisk/);
    });

    test('a VM that was started stays, and is the answer', async () => {
      await using it = await world({ disksGb: [5] });
      const request = { ...createRequest, start: true };
      await it.die(2, 'vm.create', request, () =>
        it.find(createRequest.name)?.state === 'Running' ? 'kill-after' : undefined,
      );
      const { vmId } = it.there(createRequest.name);
      expect(await it.ask(2, 'vm.create', request)).toMatchObject({
        result: { vm: { vmId, state: 'Running' } },
      });
      expect(it.there(createRequest.name).vmId).toBe(vmId);
    });

    test('the disk of a VM that has moved to another node stays, and is named', async () => {
      await using it = await world({ disksGb: [5], clustered: true });
      const { vmId } = it.there();
      const request = { vmId, disk, storageClass: null };
      await it.die(3, 'disk.create', request, ({ name }) =>
        name === 'Add-VMHardDiskDrive' ? 'kill-after' : undefined,
      );
      await it.ask(4, 'cluster.moveVm', { vmId, targetHostId: 'n2' });
      const path = it.find('A', 'n2')?.disks[1]?.path ?? '';
      const end = await it.ask(3, 'disk.create', request);
      expect(end).toMatchObject({ error: { code: 'not-found' } });
      expect(JSON.stringify(end)).toContain(JSON.stringify(`file ${path}`).slice(1, -1));
      expect(it.engine.steps('n2').files.find(path)).toBeDefined();
    });

    test('files of a VM that Hyper-V does not show stay, and are named', async () => {
      await using it = await world({ disksGb: [5] });
      const blind = `function script:Set-HyperVBootOrder { function script:Get-VirtualizationInstance { }; throw 'No answer came.' }`;
      const end = await it.ask(5, 'vm.create', { ...createRequest, start: false }, blind);
      const made = it.there(createRequest.name);
      expect(made.disks.every(({ size }) => size !== null)).toBe(true);
      expect(JSON.stringify(end)).toContain(`vm ${JSON.stringify(made.configurationPath).slice(1, -1)}`);
    });

    test('a checkpoint is not applied again over a later one', async () => {
      await using it = await world({ disksGb: [5], checkpoints: [{ name: 'one', ageHours: 9 }] });
      const { vmId, checkpoints } = it.there();
      const request = { vmId, checkpointId: checkpoints[0]?.id, force: false };
      let applied = false;
      await it.die(6, 'checkpoint.apply', request, (call) => {
        if (method(call) === 'ApplySnapshot') applied = true;
        return applied && call.parameters['ClassName'] === 'Msvm_ComputerSystem' ? 'kill-after' : undefined;
      });
      await it.ask(7, 'checkpoint.create', { vmId, name: 'work of the day' });
      const before = it.there().disks;
      expect(await it.ask(6, 'checkpoint.apply', request)).toMatchObject({ result: { vmId } });
      expect(it.there().disks).toEqual(before);
    });

    test("somebody else's checkpoint is not taken for one's own", async () => {
      await using it = await world({ disksGb: [5] });
      const { vmId } = it.there();
      await it.die(8, 'checkpoint.create', { vmId, name: 'mine' }, (call) =>
        method(call) === 'CreateSnapshot' ? 'kill-before' : undefined,
      );
      await it.ask(9, 'checkpoint.create', { vmId, name: 'of somebody else' });
      await it.ask(8, 'checkpoint.create', { vmId, name: 'mine' });
      expect(
        it
          .there()
          .checkpoints.map(({ name }) => name)
          .sort(),
      ).toEqual(['mine', 'of somebody else']);
    });

    test('a trunk comes back when plugging in fails', async () => {
      await using it = await world({ disksGb: [5], trunk: { native: 5, allowed: '10-20' } });
      const [before] = it.there().networkAdapters;
      const request = { vmId: it.there().vmId, adapterId: before?.id, network: 'servers', vlanId: null };
      const failing = `function script:New-AdapterResult { throw 'No answer came.' }`;
      expect(await it.ask(10, 'adapter.connect', request, failing)).toHaveProperty('error');
      expect(it.there().networkAdapters[0]).toEqual(before);
    });

    test('a file that a VM takes while it is waited for stays', async () => {
      await using it = await world({ disksGb: [5] });
      const session = await it.host.session();
      const [said] = await session.script(
        inside(`
      $script:tries = 0
      function script:Get-HostFile([string] $Path) { @{ FullName = $Path } }
      function script:Read-DrivePath { @{} }
      function script:Read-DiskTable { }
      function script:Get-DiskUser { if ($script:tries -gt 0) { @{ (Get-PathKey -Path 'C:\\x.vhdx') = @('other') } } else { @{} } }
      function script:Remove-HostFile([string] $Path) { $script:tries++; throw 'It is being written.' }
      function script:Wait-HostTime { }
      function script:Write-DueHeartbeat { }
      try { Undo-FileStep -Context @{} -Entry @{ path = 'C:\\x.vhdx' } } catch { "$($script:tries): $($_.Exception.Message)" }`),
      );
      expect(said).toBe('1: C:\\x.vhdx is used by a VM.');
      farm.kill(session);
    });

    test('boot files of guests stay in the boot order, before the first disk', async () => {
      await using it = await world({ disksGb: [5] });
      const session = await it.host.session();
      const [said] = await session.script(
        inside(`
      function script:Read-DriveTable { @{ '0' = @{ Id = 'scsi-0-0'; IsDisk = $true }; '1' = @{ Id = 'scsi-0-1'; IsDisk = $false } } }
      function script:Get-DriveKey { param($Drive) "$($Drive.Slot)" }
      & (Import-Module -Name Hyper-V -PassThru) {
        function script:Get-VMFirmware { [pscustomobject]@{ BootOrder = @([pscustomobject]@{ BootType = 'File'; Text = 'shim' }, [pscustomobject]@{ BootType = 'Drive'; Text = 'old' }) } }
        function script:Get-VMHardDiskDrive { [pscustomobject]@{ Slot = 0; Text = 'disk' } }
        function script:Get-VMDvdDrive { [pscustomobject]@{ Slot = 1; Text = 'dvd' } }
        function script:Get-VMNetworkAdapter { }
        function script:Set-VMFirmware { param($VM, $BootOrder, [switch] $Confirm) @($BootOrder | ForEach-Object -Process { $_.Text }) -join ' ' }
      }
      Set-HyperVDeviceOrder -Machine ([pscustomobject]@{ Id = 'x' }) -DeviceId @('scsi-0-1', 'scsi-0-0')`),
      );
      expect(said).toBe('dvd shim disk');
      farm.kill(session);
    });
  },
);
