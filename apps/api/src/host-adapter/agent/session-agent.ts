import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { PipelineFailedError } from '@aether-v/psrp/core';
import { agentCommand } from '@aether-v/types';
import { HostOperationError } from '../errors/host-operation-error.ts';
import type { LoadPace } from '../limits/load-pace.ts';
import { orAborted } from '../limits/or-aborted.ts';
import { agentLines } from './agent-lines.ts';

/** What a session needs to have the agent without a file on the host. */
export interface SessionAgentText {
  /** The agent as one text. */
  readonly text: string;
  /** What its command is called once it is loaded. */
  readonly command: string;
  /** The fixed script that loads the text and calls the command. */
  readonly loader: string;
}

/** What the sessions of a service share. */
export interface SessionAgentOptions extends SessionAgentText {
  readonly pace: LoadPace;
}

/** The id of the loader's error if the host's process does not have the text. */
const textNeeded = 'AetherV.AgentTextNeeded';

/**
 * The agent in one session: each runspace loads it when its command is first called there, since a command that is not found
 * proves that nothing ran. A host that does not let it be loaded is asked for an agent that is installed.
 */
export class SessionAgent {
  readonly #pool: RunspacePool;
  readonly #address: string;
  readonly #options: SessionAgentOptions;
  readonly #onGone: () => void;
  /** Resolves when someone has sent the text: false if that failed. Undefined while no one has tried. */
  #text: Promise<boolean> | undefined;
  /** Whether the host has the text. */
  #hasText = false;
  /** Why the host did not load the text. */
  #refusal: HostOperationError | undefined;
  /** Whether the host is asked if it would load anything before it is sent the text. */
  #isDoubtful: boolean;

  constructor(pool: RunspacePool, address: string, options: SessionAgentOptions, onGone: () => void) {
    this.#pool = pool;
    this.#address = address;
    this.#options = options;
    this.#isDoubtful = options.pace.hasRefused(address);
    this.#onGone = onGone;
  }

  /** Whether the agent was loaded; else an installed one runs. */
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

  /** Waits while someone else sends the text. False if it is ours to send. */
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
        // The loader's own line comes before those of the agent.
        if (loaded) yield line;
        else onLoaded();
        loaded = true;
      }
    } catch (error) {
      const record = pipelineError(error);
      if (loaded || record === undefined || !(error instanceof HostOperationError)) throw error;
      // The call comes behind the load, so nothing ran.
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
      // Its administrators may be about to allow it.
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

/** The host does not let the agent's text be loaded. */
class LoadRefused extends Error {
  override readonly name = 'LoadRefused';
}

function pipelineError(error: unknown): PipelineFailedError['errorRecord'] {
  const cause = error instanceof HostOperationError ? error.cause : undefined;
  return cause instanceof PipelineFailedError ? cause.errorRecord : undefined;
}

/** Whether PowerShell knows no command of this name: another one may be missing in what it does. */
function isMissing(error: unknown, command: string): boolean {
  const record = pipelineError(error);
  if (record?.fullyQualifiedErrorId !== 'CommandNotFoundException') return false;
  return record.targetName.toLowerCase() === command.toLowerCase();
}
