import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { basic, RunspacePool, wsmanTransport, type Invocation } from '@aether-v/psrp/client';
import { processTransport, relayBackend } from '@aether-v/psrp/process';
import { basicAuthentication, WsmanListener } from '@aether-v/psrp/server';
import { agentCommand } from '@aether-v/types';
import { sessionText, type SessionText } from '../../src/session-text.ts';
import { Bridge, type BridgeOptions } from '../bridge/bridge.ts';
import { languages } from '../bridge/cultures.ts';

const moduleFolder = fileURLToPath(new URL('../../module/', import.meta.url));
/** Where the stand-ins for what Linux does not have are. */
export const stubFolder = fileURLToPath(new URL('../stub/', import.meta.url));

/** The agent's text of the files as they are. */
export function agentText(): SessionText {
  const cwd = join(moduleFolder, 'AetherV.HostAgent');
  const paths = globSync('**/*.{ps1,psm1,json}', { cwd });
  return sessionText(
    Object.fromEntries(
      paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(cwd, path), 'utf8')]),
    ),
  );
}

/** What a service runs to load it. */
export function shippedLoader(): string {
  return readFileSync(new URL('../../deploy/Invoke-SessionAgent.ps1', import.meta.url), 'utf8');
}

/** What a PowerShell process needs to find the agent and the stand-ins. */
export const agentEnvironment = {
  ...process.env,
  PSModulePath: [moduleFolder, stubFolder].join(delimiter),
  STUB_FOLDER: stubFolder,
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  POWERSHELL_UPDATECHECK: 'Off',
};

/** How sessions get the agent: from its files, or as the text that a service sends. */
export type AgentSource = 'files' | 'text';

const stub = "Import-Module -Name (Join-Path -Path $env:STUB_FOLDER -ChildPath 'AetherV.Stub.psm1')";

/** What runs in a new runspace before the agent is called: the stand-ins, then the agent under the stand-in's clock. */
const preparations: Readonly<Record<AgentSource, () => Invocation>> = {
  files: () => ({
    script: `${stub}; Use-StubClock -Module (Import-Module -Name AetherV.HostAgent -PassThru); $PID`,
  }),
  text: () => ({
    script: `param($Command, $Text) ${stub}
[void] (& { ${shippedLoader()} } -Command $Command -Text $Text -Request '')
Use-StubClock -Module (Get-Command -Name $Command).ScriptBlock.Module
$PID`,
    parameters: { Command: agentText().command, Text: agentText().text },
  }),
};

/** Where the agent is one text, its files are nowhere to be found. */
function environmentOf(source: AgentSource): typeof agentEnvironment {
  return source === 'files' ? agentEnvironment : { ...agentEnvironment, PSModulePath: stubFolder };
}

/** Puts a runspace onto another host. */
const placement = 'param($Bridge, $Data) $env:STUB_BRIDGE = $Bridge; $env:AETHERV_AGENT_DATA = $Data';

/** One runspace with the agent in it, on a PowerShell process of its own, behind WS-Management. */
export class AgentSession implements AsyncDisposable {
  readonly #pool: RunspacePool;
  /** The process that the agent runs in. */
  readonly pid: number;
  /** What that process speaks. */
  readonly culture: string;

  readonly #command: string;

  constructor(pool: RunspacePool, pid: number, culture: string, command: string = agentCommand.name) {
    this.#pool = pool;
    this.#command = command;
    this.pid = pid;
    this.culture = culture;
  }

  /** Carries out one operation as the service does: one command, its lines as they come. */
  run(text: string, signal?: AbortSignal): AsyncIterable<string> {
    return asLines(this.#pool, this.#command, { [agentCommand.parameter]: text }, signal);
  }

  /** Runs a script in the session's runspace, for what a test has to do or know. */
  async script(script: string, parameters: Record<string, string> = {}): Promise<readonly unknown[]> {
    return (await this.#pool.invoke({ script, parameters }).collect()).output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}

async function* asLines(
  pool: RunspacePool,
  command: string,
  parameters: Record<string, string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const pipeline = pool.invoke({ command, parameters }, signal ? { signal } : {});
  for await (const line of pipeline.output) {
    if (typeof line !== 'string') throw new TypeError('A line is a text.');
    yield line;
  }
  await pipeline.completed;
}

/** PowerShell processes with the agent in them, behind one WS-Management listener; used again for one host after the other. */
export class PowerShellFarm implements AsyncDisposable {
  readonly #server: Server;
  readonly #listener: WsmanListener;
  readonly #idle: AgentSession[] = [];
  readonly #all = new Set<AgentSession>();
  readonly #sockets = new Set<Socket>();

  readonly #source: AgentSource;

  private constructor(server: Server, listener: WsmanListener, source: AgentSource) {
    this.#server = server;
    this.#source = source;
    this.#listener = listener;
    server.on('connection', (socket) => this.#sockets.add(socket));
  }

  /** What all sessions have sent and received so far: the bytes of HTTP, with headers and SOAP. */
  get bytesOnTheWire(): number {
    return [...this.#sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  }

  static async open(source: AgentSource = 'files'): Promise<PowerShellFarm> {
    const listener = new WsmanListener({
      // Whoever signs in by the name of a culture gets a process that speaks it: a pipeline cannot change that for the next one.
      backend: relayBackend(({ principal }) =>
        processTransport({ env: { ...environmentOf(source), LANG: `${principal.replace('-', '_')}.UTF-8` } }),
      ),
      authentication: basicAuthentication(() => true),
    });
    const server = createServer(listener.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PowerShellFarm(server, listener, source);
  }

  /** A session on this host: one that is idle and speaks its language, or a new one. */
  async take(bridge: string, dataFolder: string, culture: string): Promise<AgentSession> {
    const idle = this.#idle.findLastIndex((one) => one.culture === culture);
    const session = this.#idle.splice(idle, idle < 0 ? 0 : 1)[0] ?? (await this.#start(culture));
    await session.script(placement, { Bridge: bridge, Data: dataFolder });
    return session;
  }

  /** Gives a session back. */
  put(session: AgentSession): void {
    this.#idle.push(session);
  }

  /** Kills the process of a session that was taken. */
  kill(session: AgentSession): void {
    this.#all.delete(session);
    process.kill(session.pid, 'SIGKILL');
  }

  /** Forgets a session whose process has been killed by somebody else. */
  forget(session: AgentSession): void {
    this.#all.delete(session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((session) => session[Symbol.asyncDispose]().catch(() => undefined)));
    await this.#listener.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #start(culture: string): Promise<AgentSession> {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/wsman`;
    const pool = await RunspacePool.open(wsmanTransport({ url, authenticator: basic(culture, 'any') }));
    const { output } = await pool.invoke(preparations[this.#source]()).collect();
    const command = this.#source === 'text' ? agentText().command : agentCommand.name;
    const session = new AgentSession(pool, Number(output[0]), culture, command);
    this.#all.add(session);
    return session;
  }
}

/** A Windows host that is not there: the real agent on real PowerShell, over stubs that share the engine. */
export class AgentHost implements AsyncDisposable {
  readonly bridge: Bridge;
  /** The agent's own folder. */
  readonly dataFolder: string;
  readonly #farm: PowerShellFarm;
  readonly #culture: string;

  private constructor(bridge: Bridge, farm: PowerShellFarm, culture: string) {
    this.bridge = bridge;
    this.#farm = farm;
    this.#culture = culture;
    this.dataFolder = mkdtempSync(join(tmpdir(), 'host-agent-'));
  }

  static async open(farm: PowerShellFarm, options: BridgeOptions): Promise<AgentHost> {
    const host = new AgentHost(
      await Bridge.open(options),
      farm,
      (options.language ?? languages.english).culture,
    );
    const { configuration } = options.engine.steps(options.hostId);
    writeFileSync(join(host.dataFolder, 'hostresources.json'), JSON.stringify(configuration));
    return host;
  }

  /** A session on this host. Give it back to the farm. */
  session(): Promise<AgentSession> {
    return this.#farm.take(this.bridge.url, this.dataFolder, this.#culture);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bridge[Symbol.asyncDispose]();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}
