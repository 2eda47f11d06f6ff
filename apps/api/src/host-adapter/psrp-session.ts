import { RunspacePool, type PsrpTransport } from '@aether-v/psrp/client';
import { agentCommand } from '@aether-v/types';
import type { AgentConnector, AgentSession } from './agent-session.ts';
import { hostError, isShellGone } from './connection-error.ts';
import type { HostEndpoint } from './host-endpoint.ts';
import { HostOperationError } from './host-operation-error.ts';

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
      throw hostError(error, true);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#lost = true;
    await this.#pool[Symbol.asyncDispose]();
  }
}

function notALine(): HostOperationError {
  return new HostOperationError('contract-violation', 'The host’s agent wrote an object instead of a line.', {
    began: true,
    remedy: 'Check that the agent on the host has the version of this service, and update it.',
  });
}
