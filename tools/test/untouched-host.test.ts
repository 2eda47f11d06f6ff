import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { processTransport, relayBackend } from '@aether-v/psrp/process';
import { basicAuthentication, WsmanListener } from '@aether-v/psrp/server';
import type { Host, Job, Vm } from '@aether-v/types';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Bridge } from '../../packages/host-agent/test/bridge/bridge.ts';
import { fleetOf, small } from '../../packages/host-agent/test/conformance/worlds.ts';
import { stubFolder } from '../../packages/host-agent/test/support/agent-host.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';

const found = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const reason = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

/** Lists all folders below a folder, and all files with their SHA-256. */
function tree(folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder })
    .map((path) => {
      const full = join(folder, path);
      if (statSync(full).isDirectory()) return `${path}/`;
      return `${path} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`;
    })
    .sort();
}

describe.skipIf(!found && !required)(
  `a host that the service has never connected to${reason}`,
  { timeout: 300_000 },
  () => {
    test('has a live inventory, no new file until the first change, and does not use an older agent', async () => {
      const disk = mkdtempSync(join(tmpdir(), 'untouched-'));
      onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
      // An older agent, which would answer to the unqualified command name.
      const modules = join(disk, 'Modules');
      mkdirSync(join(modules, 'AetherV.HostAgent'), { recursive: true });
      writeFileSync(
        join(modules, 'AetherV.HostAgent', 'AetherV.HostAgent.psm1'),
        "function Invoke-AetherVOperation { param([string] $Request) throw 'An older agent was called.' }",
      );
      // The stand-ins for Windows components exist in every runspace.
      const endpoint = mkdtempSync(join(tmpdir(), 'endpoint-'));
      onTestFinished(() => rmSync(endpoint, { recursive: true, force: true }));
      const script = join(endpoint, 'endpoint.ps1');
      writeFileSync(script, `Import-Module -Name '${join(stubFolder, 'AetherV.Stub.psm1')}' -Global`);
      const session = join(endpoint, 'endpoint.pssc');
      writeFileSync(
        session,
        `@{ SchemaVersion = '2.0.0.0'; GUID = '0b7f3f0e-5d0c-4a53-9f53-0d8d2f7a4c13'; SessionType = 'Default'; ScriptsToProcess = '${script}' }`,
      );

      const clock = createFakeClock();
      const engine = new HyperVEngine({ clock, seed: 'untouched', fleet: fleetOf([small('A'), small('B')]) });
      const ticking = setInterval(() => clock.advance(1_000), 100);
      const advance = (milliseconds: number): void => clock.advance(milliseconds);
      const bridge = await Bridge.open({ engine, hostId: 'n1', advance });
      const env = {
        ...process.env,
        PSModulePath: [modules, stubFolder].join(delimiter),
        STUB_FOLDER: stubFolder,
        STUB_BRIDGE: bridge.url,
        AETHERV_AGENT_DATA: join(disk, 'ProgramData'),
      };
      const args = ['-s', '-NoLogo', '-NoProfile', '-ConfigurationFile', session];
      const listener = new WsmanListener({
        backend: relayBackend(() => processTransport({ args, env })),
        authentication: basicAuthentication(() => true),
      });
      const server = createServer(listener.handle).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no TCP address');
      const service = await startService({
        HYPERV_HOSTS: `http://127.0.0.1:${address.port}/wsman?auth=basic`,
        WINRM_USERNAME: 'operator',
        WINRM_PASSWORD: 's3cret',
        CONNECT_TIMEOUT: '60',
      });
      onTestFinished(async () => {
        clearInterval(ticking);
        await service[Symbol.asyncDispose]();
        await listener.close();
        server.closeAllConnections();
        server.close();
        await bridge[Symbol.asyncDispose]();
        engine.dispose();
      });
      const before = tree(disk);
      const vms = async (): Promise<Vm[]> => (await ask<{ items: Vm[] }>(service, '/vms')).items;
      const hosts = async (): Promise<Host[]> => (await ask<{ items: Host[] }>(service, '/hosts')).items;
      try {
        await until('both VMs are read', async () => (await vms()).length === 2, 200_000);
      } catch (error) {
        throw new Error(JSON.stringify(await hosts()), { cause: error });
      }
      // Rows appear as they are read; the host is connected once all have been.
      await until('the host is connected', async () => (await hosts())[0]?.connection.state === 'connected');
      expect(tree(disk)).toEqual(before);

      const [vm] = await vms();
      const { job } = await ask<{ job: Job }>(service, `/vms/${vm?.id ?? ''}/start`, 'POST', {});
      await until('the VM runs', async () => (await vms()).some(({ state }) => state === 'Running'), 60_000);
      expect(job.id).toBeTruthy();
      expect(tree(disk).some((line) => line.startsWith('ProgramData/journal/'))).toBe(true);
    });
  },
);
