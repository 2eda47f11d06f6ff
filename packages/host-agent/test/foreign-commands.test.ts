import { readFileSync } from 'node:fs';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRequest } from './conformance/lifecycle-scenarios.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { carryOut } from './support/carry-out.ts';
import { skip, skipReason } from './support/pwsh.ts';

/** Every command that the agent may call, by its name alone: the list of the gate. */
const commandNames = Object.keys(
  (
    JSON.parse(readFileSync(new URL('gate/allowed.json', import.meta.url), 'utf8')) as {
      command: Record<string, string>;
    }
  ).command,
).map((name) => name.slice(name.lastIndexOf('\\') + 1));

/** A VM that is made quickly, with something of everything. */
const request = {
  ...createRequest,
  disks: [{ sizeBytes: 1024 ** 3, type: 'Dynamic' }],
} as const;

/**
 * How other software on a host takes names. Each command that is called notes its name and fails. Whatever runs after this may call .NET
 * only.
 */
const plants: readonly (readonly [owner: string, script: string])[] = [
  [
    'a module that was loaded later',
    `Microsoft.PowerShell.Core\\New-Module -Name 'VMware.VimAutomation.Core' -ArgumentList (, $Names) -ScriptBlock {
       param($Names)
       foreach ($name in $Names) { Microsoft.PowerShell.Management\\Set-Item -Path "function:$name" -Value (& $global:Foreign $name) }
       Microsoft.PowerShell.Core\\Export-ModuleMember -Function $Names
     } | Microsoft.PowerShell.Core\\Import-Module -Global -DisableNameChecking`,
  ],
  [
    'functions of a profile',
    `foreach ($name in $Names) { Microsoft.PowerShell.Management\\Set-Item -Path "function:global:$name" -Value (& $global:Foreign $name) }`,
  ],
  [
    'aliases of a profile',
    `foreach ($name in $Names) {
       Microsoft.PowerShell.Management\\Set-Item -Path "function:global:Foreign$name" -Value (& $global:Foreign $name)
       Microsoft.PowerShell.Utility\\Set-Alias -Name $name -Value "Foreign$name" -Scope Global -Force
     }`,
  ],
];

const planted = (script: string): string =>
  `param($List) $Names = $List.Split(',')
   $global:Called = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
   $global:Foreign = { param($Name) [scriptblock]::Create("[void] \`$global:Called.Add('$Name'); throw 'The $Name of another module was called.'") }
   ${script}`;

describe.skipIf(skip)(`commands of other modules under the agent's names${skipReason}`, () => {
  let farm: PowerShellFarm;
  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  async function succeed(session: AgentSession, number: number, op: string, asked: object): Promise<void> {
    const last = (await carryOut(session, number, op, asked)).at(-1);
    expect(last).not.toHaveProperty('error');
    expect(last).toMatchObject({ type: 'result' });
  }

  test.each(plants)('%s are never called', { timeout: 240_000 }, async (_owner, script) => {
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'foreign', fleet: fleetOf([small('OLD')]) });
    onTestFinished(() => engine.dispose());
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    const session = await host.session();
    await session.script(planted(script), { List: commandNames.join(',') });
    // The plant works: whoever calls by the name alone gets the foreign command.
    await expect(session.script('Get-VM')).rejects.toThrow('The Get-VM of another module was called.');
    expect(await session.script('$global:Called.ToArray(); $global:Called.Clear()')).toEqual(['Get-VM']);

    await succeed(session, 1, 'inventory', {});
    await succeed(session, 2, 'vm.create', request);
    const vmId = engine.vms('n1').find(({ name }) => name === request.name)?.vmId;
    await succeed(session, 3, 'checkpoint.create', { vmId, name: 'before' });
    const deletion = { vmId, name: request.name, force: true, deleteDisks: true, keep: [] };
    await succeed(session, 4, 'vm.delete', deletion);
    expect(await session.script('$global:Called.ToArray()')).toEqual([]);
    farm.kill(session);
  });
});
