import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { PipelineFailedError } from '@aether-v/psrp/core';
import { agentCommand } from '@aether-v/types';
import { HostOperationError } from '../errors/host-operation-error.ts';
import type { LoadPace } from '../limits/load-pace.ts';
import { orAborted } from '../limits/or-aborted.ts';
import { agentLines } from './agent-lines.ts';

/** Everything needed to load the agent into a session without a file on the host. */
export interface SessionAgentText {
  /** The agent's source as one text. */
  readonly text: string;
  /** The agent's command once it is loaded. */
  readonly command: string;
  /** The fixed script that loads the text and runs the command. */
  readonly loader: string;
}

/** Options shared by all sessions of a service. */
export interface SessionAgentOptions extends SessionAgentText {
  readonly pace: LoadPace;
}

/** Id of the loader's error if the host's process does not have the text. */
const textNeeded = 'AetherV.AgentTextNeeded';

/**
 * The agent in one session. Each runspace loads it on the first call of its command: an unknown command proves that
 * nothing ran. If a host does not allow loading, an installed agent is used.
 */
export class SessionAgent {
  readonly #pool: RunspacePool;
  readonly #address: string;
  readonly #options: SessionAgentOptions;
  readonly #onGone: () => void;
  /** The result of the transfer in progress or completed: false if it failed. Undefined before the first attempt. */
  #text: Promise<boolean> | undefined;
  /** True if the host has the text. */
  #hasText = false;
  /** The host's reason for not loading the text. */
  #refusal: HostOperationError | undefined;
  /** True if the host must be asked before it is sent the text, because it refused last time. */
  #isDoubtful: boolean;

  constructor(pool: RunspacePool, address: string, options: SessionAgentOptions, onGone: () => void) {
    this.#pool = pool;
    this.#address = address;
    this.#options = options;
    this.#isDoubtful = options.pace.hasRefused(address);
    this.#onGone = onGone;
  }

  /** True if the agent was loaded; otherwise an installed one runs. */
  get isLoaded(): boolean {
    return this.#refusal === undefined;
  }

  /** Runs one operation. @throws HostOperationError */
  async *run(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    const { command } = this.#options;
    if (this.#refusal === undefined) {
      try {
        yield* this.#lines({ command, parameters: { [agentCommand.parameter]: envelope } }, signal);
        return undefined;
      } catch (error) {
        if (!isMissing(error, command)) throw error;
      }
      try {
        yield* this.#load(envelope, signal);
        return undefined;
      } catch (error) {
        if (!(error instanceof LoadRefused)) throw error;
      }
    }
    yield* this.#installed(envelope, signal);
    return undefined;
  }

  async *#load(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    for (;;) {
      const sent = await this.#sentByAnother(signal);
      if (this.#refusal !== undefined) throw new LoadRefused();
      const withoutText = sent || this.#isDoubtful;
      try {
        yield* withoutText ? this.#loadWith('', envelope, signal) : this.#send(envelope, signal);
        return undefined;
      } catch (error) {
        if (!withoutText || pipelineError(error)?.fullyQualifiedErrorId !== textNeeded) throw error;
        this.#isDoubtful = false;
        this.#hasText = false;
        this.#text = undefined;
      }
    }
  }

  /** Waits while another operation sends the text. Returns false if this one has to send it. */
  async #sentByAnother(signal: AbortSignal): Promise<boolean> {
    while (this.#text !== undefined) if (await orAborted(this.#text, signal)) return true;
    return false;
  }

  async *#send(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    this.#options.pace.take(this.#address);
    const sent = Promise.withResolvers<boolean>();
    this.#text = sent.promise;
    const onLoaded = (): void => {
      this.#hasText = true;
      sent.resolve(true);
    };
    try {
      yield* this.#loadWith(this.#options.text, envelope, signal, onLoaded);
    } finally {
      if (!this.#hasText) {
        this.#text = undefined;
        sent.resolve(false);
      }
    }
    return undefined;
  }

  async *#loadWith(
    text: string,
    envelope: string,
    signal: AbortSignal,
    onLoaded: () => void = () => undefined,
  ): AsyncGenerator<string, undefined> {
    const { command, loader } = this.#options;
    const parameters = { Command: command, Text: text, Request: envelope };
    let loaded = false;
    try {
      for await (const line of this.#lines({ script: loader, useLocalScope: true, parameters }, signal)) {
        // The loader's own line precedes those of the agent.
        if (loaded) yield line;
        else onLoaded();
        loaded = true;
      }
    } catch (error) {
      const record = pipelineError(error);
      if (loaded || record === undefined || !(error instanceof HostOperationError)) throw error;
      // The call follows the load, so nothing ran.
      if (record.fullyQualifiedErrorId === textNeeded) throw error.notBegun();
      this.#refusal = error.notBegun();
      this.#options.pace.refused(this.#address);
      throw new LoadRefused();
    }
    return undefined;
  }

  async *#installed(envelope: string, signal: AbortSignal): AsyncGenerator<string, undefined> {
    const { name, parameter } = agentCommand;
    try {
      yield* this.#lines({ command: name, parameters: { [parameter]: envelope } }, signal);
    } catch (error) {
      if (!isMissing(error, name)) throw error;
      const refusal = this.#refusal;
      // The host's administrators may allow it in the meantime.
      this.#refusal = undefined;
      this.#isDoubtful = true;
      const detail = refusal?.message ?? '';
      throw HostOperationError.of('agent-not-loadable', { began: false, detail, cause: refusal });
    }
    return undefined;
  }

  #lines(invocation: Invocation, signal: AbortSignal): AsyncGenerator<string, undefined> {
    return agentLines(this.#pool, invocation, signal, this.#onGone);
  }
}

/** The host does not allow the agent's text to be loaded. */
class LoadRefused extends Error {
  override readonly name = 'LoadRefused';
}

function pipelineError(error: unknown): PipelineFailedError['errorRecord'] {
  const cause = error instanceof HostOperationError ? error.cause : undefined;
  return cause instanceof PipelineFailedError ? cause.errorRecord : undefined;
}

/**
 * Returns whether PowerShell does not know a command of exactly this name; the command itself may report another one as
 * missing.
 */
function isMissing(error: unknown, command: string): boolean {
  const record = pipelineError(error);
  if (record?.fullyQualifiedErrorId !== 'CommandNotFoundException') return false;
  return record.targetName.toLowerCase() === command.toLowerCase();
}
