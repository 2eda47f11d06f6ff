import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { agentCommand } from '@aether-v/types';
import { agentLines } from '../agent/agent-lines.ts';
import type { AgentConnector, AgentSession } from '../agent/agent-session.ts';
import type { AgentSources } from '../agent/agent-sources.ts';
import { SessionAgent, type SessionAgentOptions } from '../agent/session-agent.ts';
import { hostError } from '../errors/connection-error.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { agentModule } from '../errors/pipeline-meaning.ts';
import { openSweptPool, type SweptPoolOptions } from './swept-pool.ts';

/** The origin of an agent: loaded into its session, or installed on its host. */
export type AgentOrigin = 'loaded' | 'installed';

/** Creates a connector for PowerShell Remoting, with one runspace pool per session. */
export function psrpConnector(options: SweptPoolOptions, sources: AgentSources = {}): AgentConnector {
  return {
    open: async (endpoint, signal) => {
      try {
        const opened = await openSweptPool(endpoint, signal, options);
        try {
          return await sessionOver(opened.pool, endpoint.address, sources, signal, () => opened.end());
        } catch (error) {
          await opened.pool[Symbol.asyncDispose]();
          await opened.end();
          throw error;
        }
      } catch (error) {
        throw hostError(error, false);
      }
    },
  };
}

/** Creates a session over an open pool, and takes ownership of the pool once resolved. */
export async function sessionOver(
  pool: RunspacePool,
  address: string,
  { deployment = null, session = null }: AgentSources,
  signal: AbortSignal,
  onClosed?: () => Promise<void>,
): Promise<PsrpSession> {
  await deployment?.prepare(pool, address, signal);
  return new PsrpSession(pool, address, session, onClosed);
}

/** The more specific problems that loading the agent explicitly may reveal. */
const loadProblems: ReadonlySet<string | null> = new Set(['execution-policy', 'language-mode']);

/** A session that runs each operation as a pipeline with the agent's only command. */
export class PsrpSession implements AgentSession {
  readonly #pool: RunspacePool;
  readonly #loaded: SessionAgent | null;
  readonly #onClosed: () => Promise<void>;
  #lost = false;

  constructor(
    pool: RunspacePool,
    address: string,
    session: SessionAgentOptions | null,
    onClosed: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#pool = pool;
    this.#loaded = session === null ? null : new SessionAgent(pool, address, session, this.#onGone);
    this.#onClosed = onClosed;
    void pool.ended.then(this.#onGone);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** The origin of the agent that ran the last operation. */
  get agentOrigin(): AgentOrigin {
    return this.#loaded?.isLoaded === true ? 'loaded' : 'installed';
  }

  async *run(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    const invocation = { command: agentCommand.name, parameters: { [agentCommand.parameter]: envelope } };
    try {
      yield* this.#loaded?.run(envelope, signal) ?? agentLines(this.#pool, invocation, signal, this.#onGone);
    } catch (failure) {
      throw isUnloadable(failure) ? await this.#whyUnloadable(failure, signal) : failure;
    }
    return undefined;
  }

  readonly #onGone = (): void => {
    this.#lost = true;
  };

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
    await this.#onClosed();
  }
}

/**
 * PowerShell does not report why it could not autoload a command's module, but loading it explicitly does. Uses the
 * command name, so that it works without a language; if the command is not visible, the known problem stands.
 */
const loadAgent: Invocation = {
  command: 'Import-Module',
  parameters: { Name: agentModule, ErrorAction: 'Stop' },
};

function isUnloadable(error: unknown): error is HostOperationError {
  return error instanceof HostOperationError && error.problem === 'agent-unloadable';
}
