import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { RunspacePool, type Invocation } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import { agentCommand } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { Bridge } from './bridge/bridge.ts';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { agentEnvironment, stubFolder } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

/**
 * The modules that docs/host-setup.md has an endpoint load. Where a session configuration makes anything visible, PowerShell loads none by
 * itself (PSModuleAutoLoadingPreference is None): with the agent's alone, the agent finds no Get-CimInstance.
 */
function documentedModules(): string {
  const text = readFileSync(new URL('../../../docs/host-setup.md', import.meta.url), 'utf8');
  const [, modules = ''] =
    new RegExp(`-ModulesToImport (.+) -VisibleFunctions '${agentCommand.name}'`).exec(text) ?? [];
  expect(modules).toContain("'AetherV.HostAgent'");
  return modules;
}

/** A session configuration in which nothing but the agent can be called; the stand-in of Hyper-V is loaded before it. */
const sessionConfiguration = (): string => `@{
    SchemaVersion    = '2.0.0.0'
    GUID             = '0b7f3f0e-5d0c-4a53-9f53-0d8d2f7a4c11'
    SessionType      = 'RestrictedRemoteServer'
    LanguageMode     = 'NoLanguage'
    ModulesToImport  = '${join(stubFolder, 'AetherV.Stub.psm1')}', ${documentedModules()}
    VisibleFunctions = '${agentCommand.name}'
}
`;

describe.skipIf(skip)(`the agent in an endpoint restricted by JEA${skipReason}`, { timeout: 120_000 }, () => {
  test('reads and changes VMs for a caller who may call nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jea-'));
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'jea', fleet: fleetOf([small('A')]) });
    const [vm] = engine.vms('n1');
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using bridge = await Bridge.open({ engine, hostId: 'n1', advance });
    const ticking = setInterval(() => clock.advance(1_000), 50);
    const file = join(folder, 'agent.pssc');
    writeFileSync(file, sessionConfiguration());
    const env = { ...agentEnvironment, STUB_BRIDGE: bridge.url, AETHERV_AGENT_DATA: folder };
    const args = ['-s', '-NoLogo', '-NoProfile', '-ConfigurationFile', file];
    try {
      await using pool = await RunspacePool.open(processTransport({ args, env }));
      let number = 0;
      const call = async (op: string, request: unknown): Promise<unknown> => {
        const id = operationId(++number);
        const envelope = { contract: 2, id, op, timeoutSeconds: 60, actor: 'ann', request };
        const parameters = { [agentCommand.parameter]: JSON.stringify(envelope) };
        const { output } = await pool.invoke({ command: agentCommand.name, parameters }).collect();
        return parseLine(output.at(-1) as string);
      };
      expect(await call('inventory', {})).toMatchObject({ type: 'result' });
      expect(await call('vm.start', { vmId: vm?.vmId })).toMatchObject({ type: 'result' });
      expect(engine.vms('n1')[0]?.state).toBe('Running');
      const deletion = { vmId: vm?.vmId, name: 'A', force: true, deleteDisks: true, keep: [] };
      expect(await call('vm.delete', deletion)).toMatchObject({ type: 'result' });
      expect(engine.vms('n1')).toEqual([]);

      const refused = (invocation: Invocation, fullyQualifiedErrorId: string): Promise<void> =>
        expect(pool.invoke(invocation).completed).rejects.toMatchObject({
          code: 'pipeline-failed',
          errorRecord: { fullyQualifiedErrorId },
        });
      await refused({ script: '1' }, 'ScriptsNotAllowed');
      await refused({ command: 'Get-VM' }, 'CommandNotFoundException');
      await refused({ command: 'Invoke-StubCall' }, 'CommandNotFoundException');
      await refused({ command: 'Get-HostInstance' }, 'CommandNotFoundException');
    } finally {
      clearInterval(ticking);
      engine.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
