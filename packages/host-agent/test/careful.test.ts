import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

/** Runs a script within the agent's module, and reads what it puts out as JSON. */
async function ask(session: AgentSession, script: string): Promise<unknown> {
  const [text] = await session.script(
    `& (Get-Module -Name AetherV.HostAgent) { ConvertTo-AgentJson -Value (& { ${script} }) }`,
  );
  return JSON.parse(String(text)) as unknown;
}

const system = 'S-1-5-18';
const administrators = 'S-1-5-32-544';
const users = 'S-1-5-32-545';
const hyperVAdministrators = 'S-1-5-32-578';

describe.skipIf(skip)(`what the agent trusts${skipReason}`, { timeout: 120_000 }, () => {
  let farm: PowerShellFarm;
  let host: AgentHost;
  let session: AgentSession;
  let engine: HyperVEngine;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
    const clock = createFakeClock();
    engine = new HyperVEngine({ clock, seed: 'careful', fleet: fleetOf([small('A', { disksGb: [5] })]) });
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    session = await host.session();
  });
  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    engine.dispose();
  });

  const full = 2_032_127;
  const readAndExecute = 1_179_817;
  const createFiles = 2;
  const genericAll = 0x10_00_00_00;
  const cases: readonly [string, string, readonly (readonly [string, number])[], string | null][] = [
    [
      'administrators alone',
      administrators,
      [
        [system, full],
        [administrators, full],
      ],
      null,
    ],
    [
      'users who may read',
      system,
      [
        [administrators, full],
        [users, readAndExecute],
      ],
      null,
    ],
    ['Hyper-V administrators who may write', system, [[hyperVAdministrators, full]], null],
    ['what stands for the owner of a file', administrators, [['S-1-3-0', genericAll]], null],
    ['users who may make files', administrators, [[users, createFiles]], users],
    ['everyone by a generic right', administrators, [['S-1-1-0', genericAll]], 'S-1-1-0'],
    ['an owner of no group', 'S-1-5-21-1-2-3-1001', [[administrators, full]], 'S-1-5-21-1-2-3-1001'],
  ];
  test.each(cases)('a folder with %s', async (_name, owner, rules, named) => {
    const list = rules.map(([sid, rights]) => `@{ Sid = '${sid}'; Rights = [long]${rights} }`).join('; ');
    const access = `@{ Owner = '${owner}'; Rules = @(${list}) }`;
    const risk = await ask(session, `Find-FolderRisk -Access ${access} -Also '${hyperVAdministrators}'`);
    if (named === null) expect(risk).toBeNull();
    else expect(risk).toContain(named);
  });

  test.each([
    ['C:\\VMs\\a.vhdx', '\\\\?\\c:\\vms\\A.VHDX', true],
    ['C:\\VMs\\a.vhdx', 'C:/VMs/x/../a.vhdx. ', true],
    ['C:\\VMs\\a.vhdx', '\\\\server\\c$\\VMs\\a.vhdx', false],
  ])('%s and %s: the same file is %s', async (one, other, same) => {
    const keys = await ask(session, `@(Get-PathKey -Path '${one}'; Get-PathKey -Path '${other}')`);
    const [first, second] = keys as [string, string];
    expect(first === second).toBe(same);
  });

  test.each([
    ['D:\\VMs\\Gold', 'D:\\VMs'],
    ['D:\\VMs', 'D:\\VMs\\Gold'],
  ])('what stands on a file is looked for below %s and %s, one in the other', async (one, other) => {
    const configuration = `@{ storage_classes = @(@{ path = '${one}' }, @{ path = '${other}' }) }`;
    const root = await ask(
      session,
      `Get-StorageRoot -Configuration ${configuration} -Path 'D:\\VMs\\Gold\\g.vhdx'`,
    );
    expect(root).toBe('D:\\VMs');
  });

  test('a clustered role that holds more than its VM is not destroyed', async () => {
    const other = `[pscustomobject]@{ Type = 'Physical Disk'; Name = 'Disk 7'; OwnerGroup = 'A'; PrivateProperties = [pscustomobject]@{ VmID = '' } }`;
    const own = `[pscustomobject]@{ Type = 'Virtual Machine'; Name = 'VM A'; OwnerGroup = 'A'; PrivateProperties = [pscustomobject]@{ VmID = '11111111-0000-0000-0000-000000000000' } }`;
    const said = (resources: string): Promise<unknown> =>
      ask(
        session,
        `function Get-ClusterInstance { ${resources} }
        try { Assert-OnlyRole -VmId '11111111-0000-0000-0000-000000000000'; 'free' } catch { $_.Exception.Message }`,
      );
    expect(await said(`${own}; ${other}`)).toContain('Disk 7');
    expect(await said(own)).toBe('free');
  });

  test('a file stays that another VM may have under a short name', async () => {
    const [vm] = engine.vms('n1');
    const path = vm?.disks[0]?.path ?? '';
    const use = (vmId: string): string =>
      `@{ Users = @{ '?' = @(@{ VmId = '${vmId}'; Path = 'C:\\A~1\\X.VHD' }) }; Children = @{}; Unread = @{}; Keep = @(); Elsewhere = @{}; Disks = @{}; Configuration = Read-HostConfiguration }`;
    const reason = (vmId: string): Promise<unknown> =>
      ask(session, `Get-ReasonToStay -Path '${path}' -VmId '${vm?.vmId ?? ''}' -Own @() -Use ${use(vmId)}`);
    expect(await reason('AAAAAAAA-0000-0000-0000-000000000000')).toMatchObject({ reason: 'failed' });
    expect(await reason((vm?.vmId ?? '').toUpperCase())).toBeNull();
  });

  test.each([
    ['C:\\VMs\\a.vhdx', '\\\\localhost\\c$\\VMs\\A.vhdx', true],
    ['C:\\VMs\\a.vhdx', '\\\\server\\share\\VMs\\a.vhdx', false],
  ])('%s is used by a VM that has %s: %s', async (path, drive, used) => {
    const users = await ask(
      session,
      `@(Get-List -Table (Get-DiskUser -Drive @{ 'B' = @('${drive}') } -Disk @{}) -Key (Get-PathKey -Path '${path}'))`,
    );
    expect(users).toBe(used ? 'B' : null);
  });

  test('merges are waited for until a minute of quiet behind the last, with a sign of life', async () => {
    // One runs for 90 seconds, a second begins 30 seconds after it, and then the checkpoint's file is gone.
    const waited = await ask(
      session,
      `$began = Get-HostTime
      function Get-Second { ((Get-HostTime) - $began).TotalSeconds }
      function Get-MergeJob { $now = Get-Second; if ($now -lt 90 -or ($now -gt 120 -and $now -lt 150)) { [pscustomobject]@{ PercentComplete = 1 } } }
      function Get-HostFile { if ((Get-Second) -lt 150) { 'there' } }
      function Write-ProgressLine { }
      $script:Beats = 0
      function Write-DueHeartbeat { $script:Beats++ }
      function Get-TimeLeft { 1000 }
      Wait-SagaMerge -Saga @{ Context = @{}; Taken = 0; Planned = 1 } -Path 'C:\\x.avhdx'
      @([long](Get-Second), $script:Beats)`,
    );
    const [seconds, beats] = waited as [number, number];
    expect(seconds).toBeGreaterThanOrEqual(150);
    expect(beats).toBeGreaterThan(100);
  });

  test.each([
    ['up for days, its uptime began anew', 400_000_000, 3_000, 60_000, true],
    ['up for days, as before', 400_000_000, 400_060_000, 60_000, false],
    [
      'up for days, as before, and the clock was set an hour ahead',
      400_000_000,
      400_060_000,
      3_660_000,
      false,
    ],
    ['just started, and restarted since', 1_000, 40_000, 60_000, true],
    ['just started, as before', 30_000, 90_000, 60_000, false],
  ])('a VM %s', async (_name, before, now, elapsed, restarted) => {
    const record = `@{ facts = @{ uptimeMs = ${before}; askedAt = ConvertTo-Timestamp -Time (Get-HostTime).AddMilliseconds(-${elapsed}) } }`;
    expect(await ask(session, `Test-VmRestarted -Record ${record} -Condition @{ UptimeMs = ${now} }`)).toBe(
      restarted,
    );
  });
});
