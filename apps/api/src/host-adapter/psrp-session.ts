import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { agentCommand } from '@aether-v/types';
import type { AgentDeployment } from './agent-deployment.ts';
import type { AgentConnector, AgentSession } from './agent-session.ts';
import { hostError, isShellGone } from './connection-error.ts';
import { HostOperationError } from './host-operation-error.ts';
import { agentModule } from './pipeline-meaning.ts';
import { openSweptPool, type SweptPoolOptions } from './swept-pool.ts';

/**
 * Reaches hosts by PowerShell Remoting, with one runspace pool for each session.
 *
 * @param deployment Puts the agent there first; null where hosts have it already.
 */
export function psrpConnector(
  options: SweptPoolOptions,
  deployment: AgentDeployment | null = null,
): AgentConnector {
  return {
    open: async (endpoint, signal) => {
      try {
        const opened = await openSweptPool(endpoint, signal, options);
        const session = new PsrpSession(opened.pool, () => opened.end());
        try {
          await deployment?.prepare(opened.pool, endpoint.address, signal);
        } catch (error) {
          await session.close();
          throw error;
        }
        return session;
      } catch (error) {
        throw hostError(error, false);
      }
    },
  };
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
  readonly #onClosed: () => Promise<void>;
  #lost = false;

  constructor(pool: RunspacePool, onClosed: () => Promise<void> = () => Promise.resolve()) {
    this.#pool = pool;
    this.#onClosed = onClosed;
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
      const failure = hostError(error, true, pipeline.accepted);
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
    await this.#onClosed();
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
