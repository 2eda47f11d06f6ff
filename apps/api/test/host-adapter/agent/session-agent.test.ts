import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { RunspacePool, type Invocation } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/common/clock.ts';
import type { AgentSession } from '../../../src/host-adapter/agent/agent-session.ts';
import type { SessionAgentText } from '../../../src/host-adapter/agent/session-agent.ts';
import { shippedSessionText } from '../../../src/host-adapter/agent/shipped-agent.ts';
import { sessionOver } from '../../../src/host-adapter/connect/psrp-session.ts';
import { LoadPace } from '../../../src/host-adapter/limits/load-pace.ts';

const found = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const reason = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

const never = new AbortController().signal;
const shipped = shippedSessionText();

/** An agent that repeats what it is asked, slowly enough for calls to overlap. */
const echo: SessionAgentText = {
  ...shipped,
  command: 'Invoke-AetherVOperation_0123456789abcdef',
  text: `
$script:Word = 'sent'
function Invoke-AetherVOperation { param([string] $Request) Start-Sleep -Milliseconds 300; "$script:Word $Request" }
Export-ModuleMember -Function 'Invoke-AetherVOperation'`,
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'session-agent-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A folder of modules with an agent that was installed there. */
function installed(): string {
  const path = folder();
  mkdirSync(join(path, 'AetherV.HostAgent'));
  writeFileSync(
    join(path, 'AetherV.HostAgent', 'AetherV.HostAgent.psm1'),
    'function Invoke-AetherVOperation { param([string] $Request) "installed $Request" }',
  );
  return path;
}

interface Host {
  readonly session: AgentSession;
  readonly pool: RunspacePool;
  /** What was run there, in order: `call` by the command's name, `load`, `send` with the text, `installed`. */
  readonly ran: string[];
}

async function host(
  options: {
    agent?: SessionAgentText;
    modules?: string;
    configuration?: string;
    runspaces?: number;
    pace?: LoadPace;
  } = {},
): Promise<Host> {
  const { agent = echo, modules, configuration, runspaces = 9 } = options;
  const env = {
    ...process.env,
    AETHERV_AGENT_DATA: join(folder(), 'data'),
    ...(modules === undefined
      ? {}
      : { PSModulePath: [modules, process.env['PSModulePath']].join(delimiter) }),
  };
  const args = ['-s', '-NoLogo', '-NoProfile'];
  if (configuration !== undefined) {
    const file = join(folder(), 'endpoint.pssc');
    writeFileSync(file, configuration);
    args.push('-ConfigurationFile', file);
  }
  const pool = await RunspacePool.open(processTransport({ args, env }), { maxRunspaces: runspaces });
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const ran: string[] = [];
  const invoke = pool.invoke.bind(pool);
  vi.spyOn(pool, 'invoke').mockImplementation((invocation: Invocation, pipeline) => {
    ran.push(kindOf(invocation, agent.command));
    return invoke(invocation, pipeline);
  });
  const { pace = new LoadPace(systemClock) } = options;
  const session = await sessionOver(pool, 'hv1', { session: { ...agent, pace } }, never);
  return { session, pool, ran };
}

function kindOf(invocation: Invocation, command: string): string {
  if ('command' in invocation) return invocation.command === command ? 'call' : 'installed';
  if (!('script' in invocation)) return 'other';
  return invocation.parameters?.['Text'] === '' ? 'load' : 'send';
}

async function ask(session: AgentSession, request: string, signal = never): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of session.run(request, signal)) lines.push(line);
  return lines;
}

const count = (ran: readonly string[], kind: string): number => ran.filter((one) => one === kind).length;

/** A session configuration without a language, as JEA has it. */
const noLanguage = (visible: string): string => `@{
    SchemaVersion    = '2.0.0.0'
    GUID             = '0b7f3f0e-5d0c-4a53-9f53-0d8d2f7a4c12'
    SessionType      = 'RestrictedRemoteServer'
    LanguageMode     = 'NoLanguage'
    ModulesToImport  = 'AetherV.HostAgent'
    VisibleFunctions = '${visible}'
}
`;

describe.skipIf(!found && !required)(`the agent loaded into a session${reason}`, { timeout: 120_000 }, () => {
  test('nine parallel calls after the connect all succeed, and the text is sent once', async () => {
    const { session, ran } = await host();
    const asked = Array.from({ length: 9 }, (_, number) => `q${number}`);
    const answers = await Promise.all(asked.map((request) => ask(session, request)));
    expect(answers).toEqual(asked.map((request) => [`sent ${request}`]));
    expect(count(ran, 'send')).toBe(1);
    expect(count(ran, 'installed')).toBe(0);
  });

  test('a runspace that has loaded it is called by the command name alone', async () => {
    const { session, ran } = await host({ runspaces: 1 });
    await ask(session, 'a');
    await ask(session, 'b');
    expect(ran).toEqual(['call', 'send', 'call']);
  });

  test('an older agent on the host is not used', async () => {
    const { session } = await host({ modules: installed() });
    expect(await ask(session, 'a')).toEqual(['sent a']);
  });

  test('the shipped text runs in a session and queries the journal', async () => {
    const { session } = await host({ agent: shipped });
    const envelope = {
      contract: 2,
      id: '01890a5d-ac96-774b-bcce-b302099a8057',
      op: 'operation.list',
      timeoutSeconds: 60,
      actor: 'ann',
      request: { since: null },
    };
    const [line = '', ...others] = await ask(session, JSON.stringify(envelope));
    expect(others).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({ type: 'result', result: { count: 0 } });
  });

  test('leaves one function and no variable in the runspace', async () => {
    const { session, pool } = await host({ runspaces: 1 });
    const names = async (): Promise<unknown[]> => {
      const script = '@(Get-ChildItem Function:, Variable:).Name';
      return (await pool.invoke({ script, useLocalScope: true }).collect()).output;
    };
    const before = new Set(await names());
    await ask(session, 'a');
    const added = (await names()).filter((name) => !before.has(name as string));
    expect(added.filter((name) => name !== 'StackTrace')).toEqual([echo.command]);
  });

  test('if a caller aborts the transfer, the next one sends the text', async () => {
    const { session, ran } = await host();
    const stop = new AbortController();
    const first = ask(session, 'a', stop.signal);
    const second = vi
      .waitUntil(() => ran.includes('send'), { timeout: 60_000 })
      .then(() => ask(session, 'b'));
    await vi.waitUntil(() => ran.includes('send'), { timeout: 60_000 });
    stop.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(await second).toEqual(['sent b']);
  });

  test('a host that has lost the text receives it again', async () => {
    const { session, pool, ran } = await host({ runspaces: 1 });
    await ask(session, 'a');
    const script = `[AppDomain]::CurrentDomain.SetData('${echo.command}', $null); Remove-Item Function:${echo.command}`;
    await pool.invoke({ script }).collect();
    ran.length = 0;
    expect(await ask(session, 'b')).toEqual(['sent b']);
    expect(ran).toEqual(['call', 'load', 'send']);
  });

  test('a command that the agent itself does not find does not prove that nothing ran', async () => {
    const text = `function Invoke-AetherVOperation { param([string] $Request) Get-NothingLikeThis }
Export-ModuleMember -Function 'Invoke-AetherVOperation'`;
    const { session, ran } = await host({ agent: { ...echo, text }, runspaces: 1 });
    // It fails in the load's pipeline, then in one that calls by name.
    await ask(session, 'a').catch(() => undefined);
    ran.length = 0;
    await ask(session, 'b').catch(() => undefined);
    expect(ran).toEqual(['call']);
  });
});

describe.skipIf(!found && !required)(
  `a host that does not allow loading${reason}`,
  { timeout: 120_000 },
  () => {
    test('without a language but with an installed agent uses that', async () => {
      const configuration = noLanguage('Invoke-AetherVOperation');
      const pace = new LoadPace(systemClock);
      const { session, ran } = await host({ modules: installed(), configuration, pace });
      expect(await ask(session, 'a')).toEqual(['installed a']);
      expect(await ask(session, 'b')).toEqual(['installed b']);
      expect(ran).toEqual(['call', 'send', 'installed', 'installed']);
      // Its next session does not send the text in vain.
      const next = await host({ modules: installed(), configuration, pace });
      expect(await ask(next.session, 'c')).toEqual(['installed c']);
      expect(next.ran).toEqual(['call', 'load', 'installed']);
    });

    test('without a language and agent reports so, with the remedy', async () => {
      const { session, ran } = await host({ modules: installed(), configuration: noLanguage('Get-Nothing') });
      const failure = { problem: 'agent-not-loadable', code: 'agent-missing', began: false };
      await expect(ask(session, 'a')).rejects.toMatchObject({
        ...failure,
        message: expect.stringContaining('does not allow the agent to be loaded') as string,
        remedy: expect.stringMatching(/preinstalled.*push/) as string,
      });
      ran.length = 0;
      await expect(ask(session, 'b')).rejects.toMatchObject(failure);
      // Whether it would load it now is asked without the text.
      expect(ran).toEqual(['call', 'load', 'installed']);
    });

    test('in constrained language uses an installed agent', async () => {
      const { session, pool, ran } = await host({ modules: installed(), runspaces: 1 });
      const script = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'";
      await pool.invoke({ script }).collect();
      ran.length = 0;
      expect(await ask(session, 'a')).toEqual(['installed a']);
      expect(ran).toEqual(['call', 'send', 'installed']);
    });
  },
);
