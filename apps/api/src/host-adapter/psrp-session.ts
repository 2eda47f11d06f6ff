import { RunspacePool, type Invocation, type PsrpTransport } from '@aether-v/psrp/client';
import { agentCommand } from '@aether-v/types';
import type { AgentConnector, AgentSession } from './agent-session.ts';
import { hostError, isShellGone } from './connection-error.ts';
import type { HostEndpoint } from './host-endpoint.ts';
import { HostOperationError } from './host-operation-error.ts';
import { agentModule } from './pipeline-meaning.ts';

/** How hosts are reached by PowerShell Remoting. */
export interface PsrpConnectorOptions {
  /** Makes what carries a session to a host; it connects to nothing yet. */
  readonly transport: (endpoint: HostEndpoint) => PsrpTransport;
  /** How many pipelines run at once on one host: its operations, and a watch. */
  readonly runspaces: number;
}

/** Reaches hosts by PowerShell Remoting, with one runspace pool for each session. */
export function psrpConnector(options: PsrpConnectorOptions): AgentConnector {
  return { open: (endpoint, signal) => openSession(endpoint, signal, options) };
}

async function openSession(
  endpoint: HostEndpoint,
  signal: AbortSignal,
  { transport, runspaces }: PsrpConnectorOptions,
): Promise<AgentSession> {
  try {
    return new PsrpSession(
      await RunspacePool.open(transport(endpoint), { maxRunspaces: runspaces, name: 'Aether-V', signal }),
    );
  } catch (error) {
    throw hostError(error, false);
  }
}

/** What loading the agent by hand may tell beyond that it cannot be loaded. */
const loadProblems: ReadonlySet<string | null> = new Set(['execution-policy', 'language-mode']);

/** The session that an open pool makes possible, which it owns. */
export function sessionOver(pool: RunspacePool): AgentSession {
  return new PsrpSession(pool);
}

/** A session whose every operation is a pipeline with the agent's one command. */
class PsrpSession implements AgentSession {
  readonly #pool: RunspacePool;
  #lost = false;

  constructor(pool: RunspacePool) {
    this.#pool = pool;
    void pool.ended.then(() => (this.#lost = true));
  }

  get lost(): boolean {
    return this.#lost;
  }

  async *run(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    const invocation = { command: agentCommand.name, parameters: { [agentCommand.parameter]: envelope } };
    const pipeline = this.#pool.invoke(invocation, { signal });
    try {
      for await (const line of pipeline.output) {
        if (typeof line !== 'string') throw notALine();
        yield line;
      }
      await pipeline.completed;
    } catch (error) {
      if (isShellGone(error)) this.#lost = true;
      const failure = hostError(error, true);
      throw isUnloadable(failure) ? await this.#whyUnloadable(failure, signal) : failure;
    }
    return undefined;
  }

  async #whyUnloadable(failure: HostOperationError, signal: AbortSignal): Promise<HostOperationError> {
    try {
      await this.#pool.invoke(loadAgent, { signal }).collect();
    } catch (error) {
      const known = hostError(error, false);
      if (known instanceof HostOperationError && loadProblems.has(known.problem)) return known.notBegun();
    }
    return failure;
  }

  async close(): Promise<void> {
    this.#lost = true;
    await this.#pool[Symbol.asyncDispose]();
  }
}

/**
 * PowerShell does not say why it could not load the module of a command; asked to load it, it does. By the command, so that
 * it works without a language, too; where it is not visible, what is known already stays.
 */
const loadAgent: Invocation = {
  command: 'Import-Module',
  parameters: { Name: agentModule, ErrorAction: 'Stop' },
};

function isUnloadable(error: unknown): error is HostOperationError {
  return error instanceof HostOperationError && error.problem === 'agent-unloadable';
}

function notALine(): HostOperationError {
  return HostOperationError.of('agent-contract', {
    began: true,
    detail: 'It wrote an object instead of a line.',
  });
}
