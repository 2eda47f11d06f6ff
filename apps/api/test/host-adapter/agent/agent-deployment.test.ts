import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { RunspacePool } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { agentDeployment } from '../../../src/host-adapter/agent/agent-deployment.ts';
import { packageName, packageOf, type AgentPackage } from '../../../src/host-adapter/agent/agent-package.ts';
import {
  deploymentFunctions,
  shippedAgent,
  shippedFiles,
} from '../../../src/host-adapter/agent/shipped-agent.ts';

const found = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const reason = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

const agent = shippedAgent();
const never = new AbortController().signal;
const marker = 'AetherV.HostAgent/AetherV.HostAgent.psm1';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'deploy-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function pool(): Promise<RunspacePool> {
  const opened = await RunspacePool.open(processTransport(), { maxRunspaces: 2 });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** The agent of another version, which says so. */
function versionOf(version: string): AgentPackage {
  const files = shippedFiles();
  const psd1 = 'AetherV.HostAgent/AetherV.HostAgent.psd1';
  return packageOf({
    ...files,
    [psd1]: (files[psd1] ?? '').replace(/ModuleVersion(\s*)=(\s*)'[^']+'/, `ModuleVersion$1=$2'${version}'`),
  });
}

async function prepare(
  on: RunspacePool,
  directory: string,
  options: { agent?: AgentPackage; downloadBaseUrl?: string; more?: string } = {},
): Promise<readonly string[]> {
  const installed: string[] = [];
  await agentDeployment({
    agent: options.agent ?? agent,
    functions: `${deploymentFunctions()}\n${options.more ?? ''}`,
    directory,
    downloadBaseUrl: options.downloadBaseUrl ?? null,
    onInstalled: (_address, version) => installed.push(version),
  }).prepare(on, 'host', never);
  return installed;
}

/** Where the agent's command comes from, as PowerShell finds it in a runspace of the pool. */
async function sourceOf(on: RunspacePool): Promise<unknown> {
  const { output } = await on
    .invoke({ script: '(Get-Command Invoke-AetherVOperation).Module.ModuleBase' })
    .collect();
  return output[0];
}

describe.skipIf(!found && !required)(`the agent on a host${reason}`, { timeout: 120_000 }, () => {
  test('is installed once, completely, and loaded from there in every runspace', async () => {
    const directory = join(folder(), 'agents');
    const on = await pool();
    expect(await prepare(on, directory)).toEqual([agent.version]);
    expect(readFileSync(join(directory, agent.version, marker), 'utf8')).toBe(shippedFiles()[marker]);
    expect(await prepare(on, directory)).toEqual([]);
    const base = join(directory, agent.version, 'AetherV.HostAgent');
    expect(await Promise.all([sourceOf(on), sourceOf(on)])).toEqual([base, base]);
    expect(readdirSync(directory).sort()).toEqual([agent.version, `${agent.version}.used`]);
  });

  test.each<[string, (base: string) => void]>([
    ['changed', (base) => writeFileSync(join(base, marker), '# mine')],
    ['added', (base) => writeFileSync(join(base, 'AetherV.HostAgent', 'mine.ps1'), '# mine')],
    ['taken away', (base) => rmSync(join(base, marker))],
  ])('a file that was %s is never loaded: the agent is installed again', async (_how, harm) => {
    const directory = join(folder(), 'agents');
    const on = await pool();
    await prepare(on, directory);
    harm(join(directory, agent.version));
    expect(await prepare(on, directory)).toEqual([agent.version]);
    expect(readFileSync(join(directory, agent.version, marker), 'utf8')).toBe(shippedFiles()[marker]);
    expect(existsSync(join(directory, agent.version, 'AetherV.HostAgent', 'mine.ps1'))).toBe(false);
  });

  test('an unknown package is refused and leaves no files', async () => {
    const directory = join(folder(), 'agents');
    const on = await pool();
    const other = packageOf({ ...shippedFiles(), [marker]: '# mine' });
    const wrong = { ...agent, archive: other.archive };
    await expect(prepare(on, directory, { agent: wrong })).rejects.toMatchObject({
      problem: 'agent-deployment',
      began: false,
    });
    const more = packageOf({ ...shippedFiles(), '../../mine.ps1': '# mine' });
    await expect(
      prepare(on, directory, { agent: { ...agent, archive: more.archive } }),
    ).rejects.toMatchObject({
      problem: 'agent-deployment',
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each<[string, Buffer, string]>([
    [
      'that expands to 64 MB',
      gzipSync(JSON.stringify(shippedFiles()).padEnd(64 * 1024 ** 2)),
      'exceeds the limit',
    ],
    [
      'of 3,000 files',
      gzipSync(JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`f${n}`, ''])))),
      'more than the limit',
    ],
  ])('a package %s is refused and leaves no files', async (_what, archive, why) => {
    const directory = join(folder(), 'agents');
    await expect(prepare(await pool(), directory, { agent: { ...agent, archive } })).rejects.toMatchObject({
      problem: 'agent-deployment',
      message: expect.stringContaining(why) as string,
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each(['../mine.ps1', 'AetherV.HostAgent/../../mine.ps1', 'C:/mine.ps1', '/mine.ps1', 'a'.repeat(200)])(
    'a manifest that names %s is refused before anything is written',
    async (name) => {
      const directory = join(folder(), 'agents');
      const manifest = { ...agent.manifest, [name]: '0'.repeat(64) };
      await expect(prepare(await pool(), directory, { agent: { ...agent, manifest } })).rejects.toMatchObject(
        { problem: 'agent-deployment' },
      );
      expect(existsSync(directory)).toBe(false);
    },
  );

  test('a file added after the check is not loaded', async () => {
    const directory = join(folder(), 'agents');
    const on = await pool();
    await prepare(on, directory);
    const base = join(directory, agent.version, 'AetherV.HostAgent');
    writeFileSync(join(base, 'Private', 'mine.ps1'), '$global:Mine = $true');
    writeFileSync(join(base, 'Private', 'Journal', 'mine.ps1'), '$global:Mine = $true');
    expect(await sourceOf(on)).toBe(base);
    const { output } = await on.invoke({ script: 'Test-Path -LiteralPath variable:global:Mine' }).collect();
    expect(output).toEqual([false]);
  });

  test('verified files stay open until the session ends, so that they cannot be overwritten', async () => {
    const directory = join(folder(), 'agents');
    const [user, other] = await Promise.all([pool(), pool()]);
    await prepare(user, directory);
    const file = join(directory, agent.version, marker);
    // FileShare.Read keeps all writers out on Windows; on Unix .NET keeps those out that want the file alone.
    const alone = `$ErrorActionPreference = 'Stop'; [System.IO.File]::Open('${file}', 'Open', 'ReadWrite', 'None').Dispose()`;
    await expect(other.invoke({ script: alone }).completed).rejects.toThrow('being used by another process');
    expect(await sourceOf(user)).toContain(agent.version);
    await user[Symbol.asyncDispose]();
    await other.invoke({ script: alone }).completed;
  });

  test('a folder below a link is refused', async () => {
    const real = folder();
    const link = join(folder(), 'link');
    symlinkSync(real, link);
    await expect(prepare(await pool(), join(link, 'agents'))).rejects.toMatchObject({
      problem: 'agent-deployment',
      message: expect.stringContaining('is a link') as string,
    });
  });

  const administrators = `@{ Owner = 'S-1-5-32-544'; Rules = @() }`;
  const users = (rights: number, inheritOnly = false): string =>
    `@{ Owner = 'S-1-5-32-544'; Rules = @(@{ Sid = 'S-1-5-32-545'; Rights = [long]${rights}; InheritOnly = $${String(inheritOnly)} }) }`;
  const deleteBelow = 64;
  const createFolders = 4;
  const modify = 197_055;
  /** Access lists are Windows'; what is done with them is not. */
  const accessOf = (condition: string, access: string): string =>
    `function Read-FolderAccess { param($Path) if (${condition}) { ${access} } else { ${administrators} } }`;

  test.each<[string, string, (base: string) => string]>([
    ['a folder above', users(deleteBelow), (base) => `$Path -ceq '${base}'`],
    ['a root above', `@{ Owner = 'S-1-5-21-1-2-3-1000'; Rules = @() }`, () => `$Path -ceq '/'`],
    ['a file', users(modify), () => `$Path -like '*.psm1'`],
    ['a folder within', users(modify), () => `$Path -like '*Private'`],
  ])('%s that others may change is refused, and nothing is loaded', async (_what, access, condition) => {
    const base = folder();
    const directory = join(base, 'agents');
    await prepare(await pool(), directory);
    const on = await pool();
    const more = accessOf(condition(base), access);
    await expect(prepare(on, directory, { more })).rejects.toMatchObject({
      problem: 'agent-deployment',
      message: expect.stringContaining('not safe') as string,
    });
    const { output } = await on
      .invoke({ script: '@(Get-Command Invoke-AetherVOperation -ErrorAction Ignore).Count' })
      .collect();
    expect(output).toEqual([0]);
  });

  test('a parent folder in which users may only create and change their own folders is accepted', async () => {
    const base = folder();
    const directory = join(base, 'agents');
    for (const access of [users(createFolders), users(modify, true)]) {
      const more = accessOf(`$Path -ceq '${base}'`, access);
      await prepare(await pool(), directory, { more });
    }
    expect(existsSync(join(directory, agent.version, marker))).toBe(true);
  });

  test('two services at the same moment install one agent', async () => {
    const directory = join(folder(), 'agents');
    const pools = await Promise.all([pool(), pool()]);
    await Promise.all(pools.map((on) => prepare(on, directory)));
    expect(readdirSync(directory).sort()).toEqual([agent.version, `${agent.version}.used`]);
    expect(await Promise.all(pools.map((on) => prepare(on, directory)))).toEqual([[], []]);
  });

  test('versions are installed side by side; one that was not used for a week is removed', async () => {
    const directory = join(folder(), 'agents');
    const on = await pool();
    const old = new Date(Date.now() - 8 * 24 * 3_600_000);
    for (const version of ['0.0.1', '0.0.2']) await prepare(on, directory, { agent: versionOf(version) });
    mkdirSync(join(directory, 'notes'));
    utimesSync(join(directory, '0.0.1.used'), old, old);
    await prepare(on, directory);
    expect(readdirSync(directory).sort()).toEqual(
      ['0.0.2', '0.0.2.used', agent.version, `${agent.version}.used`, 'notes'].sort(),
    );
    expect(await sourceOf(on)).toContain(agent.version);
  });

  test('a version that a session still uses stays, however old the session is', async () => {
    const directory = join(folder(), 'agents');
    const [user, on] = await Promise.all([pool(), pool()]);
    await prepare(user, directory, { agent: versionOf('0.0.1') });
    const age = (): void => {
      const old = new Date(Date.now() - 8 * 24 * 3_600_000);
      utimesSync(join(directory, '0.0.1.used'), old, old);
    };
    age();
    await prepare(on, directory);
    expect(existsSync(join(directory, '0.0.1', marker))).toBe(true);
    await user[Symbol.asyncDispose]();
    age();
    expect(await prepare(on, directory)).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual([agent.version, `${agent.version}.used`]);
  });

  test.each(['Use-AgentFolder', 'Install-AgentFolder'])(
    'a folder that users may write to is refused (%s), and nothing is loaded from it',
    async (at) => {
      const directory = join(folder(), 'agents');
      mkdirSync(directory);
      if (at === 'Use-AgentFolder') await prepare(await pool(), directory);
      const on = await pool();
      // Access lists are Windows'; what is done with them is not.
      const more = `function Read-FolderAccess { @{ Owner = 'S-1-5-32-544'; Rules = @(@{ Sid = 'S-1-5-32-545'; Rights = [long]2 }) } }`;
      await expect(prepare(on, directory, { more })).rejects.toMatchObject({
        problem: 'agent-deployment',
        message: expect.stringContaining('not safe') as string,
      });
      expect(readdirSync(directory).length).toBe(at === 'Use-AgentFolder' ? 2 : 0);
      const { output } = await on
        .invoke({ script: '@(Get-Command Invoke-AetherVOperation -ErrorAction Ignore).Count' })
        .collect();
      expect(output).toEqual([0]);
    },
  );

  test('is downloaded by the host if configured', async () => {
    const directory = join(folder(), 'agents');
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      response.end(agent.archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const downloadBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/agents/`;
    const on = await pool();
    expect(await prepare(on, directory, { downloadBaseUrl })).toEqual([agent.version]);
    expect(asked).toEqual([`/agents/${packageName(agent.version)}`]);
    const wrong = { ...versionOf('0.0.9'), version: '0.0.9' };
    await expect(prepare(on, directory, { agent: wrong, downloadBaseUrl })).rejects.toMatchObject({
      problem: 'agent-deployment',
    });
  });
});

test('a package contains every file of the module, deterministically', () => {
  expect(Object.keys(agent.manifest).length).toBeGreaterThan(100);
  expect(shippedAgent().archive.equals(agent.archive)).toBe(true);
  expect(agent.archive.length).toBeLessThan(300_000);
});
