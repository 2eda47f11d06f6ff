import {
  checkOptions,
  resolveLimits,
  rules,
  serverFragmentLimits,
  ServerRunspacePool,
  type FragmentLimits,
  type OptionRules,
  type ServerEvent,
} from '../core/index.ts';
import type { CommandHandler } from './psrp-command.ts';
import { privateData } from './private-data.ts';
import { PsrpPipeline, type PipelineShell } from './psrp-pipeline.ts';
import { Runspaces } from './runspaces.ts';
import { encryptedSessionKey } from './session-key.ts';
import type {
  BackendCommand,
  BackendShell,
  CommandOpening,
  InputStream,
  ShellBackend,
  ShellOpening,
} from './shell-backend.ts';

/** Options of {@link createPsrpShell}. */
export interface PsrpShellOptions {
  /** Commands by name. All other commands are unknown; scripts are refused, as in no-language mode. */
  readonly commands: Readonly<Record<string, CommandHandler>>;
  /** Looks up commands that are not in `commands`. */
  readonly find?: (name: string) => CommandHandler | undefined;
  /** PowerShell version reported to clients. Default 5.1.20348.2849. */
  readonly powerShellVersion?: string;
  /** Bytes of fragments per write to the client. Default 32,768. */
  readonly chunkSize?: number;
  /** Limits on data from a client. Default 10 MiB per object and 64 MiB per pool. */
  readonly limits?: Partial<FragmentLimits>;
}

const shellRules: OptionRules<PsrpShellOptions> = {
  commands: {
    expected: 'an object of functions',
    allows: (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((one) => typeof one === 'function'),
  },
  find: rules.call,
  powerShellVersion: rules.text,
  chunkSize: rules.countFrom(64),
  limits: rules.object,
};

/**
 * Creates a backend whose shells are runspace pools with a fixed set of commands.
 *
 * @throws {OptionError} if an option is missing or unusable.
 *
 * @example
 * ```ts
 * const backend = createPsrpShell({
 *   commands: {
 *     'Get-Answer': async ({ parameters, write }) => write(`${String(parameters.get('Question'))}: 42`),
 *   },
 * });
 * ```
 */
export function createPsrpShell(options: PsrpShellOptions): ShellBackend {
  checkOptions(options, shellRules, ['commands']);
  resolveLimits(serverFragmentLimits, options.limits);
  const commands = new Map(
    Object.entries(options.commands).map(([name, handler]) => [name.toLowerCase(), handler]),
  );
  return {
    open: async (opening) => {
      const shell = new PsrpShell(options, commands, opening);
      shell.start();
      return Promise.resolve(shell);
    },
  };
}

class PsrpShell implements BackendShell, PipelineShell {
  readonly core: ServerRunspacePool;
  readonly shellId: string;
  readonly principal: string;
  readonly chunkSize: number;
  readonly #commands: ReadonlyMap<string, CommandHandler>;
  readonly #find: PsrpShellOptions['find'];
  readonly #opening: ShellOpening;
  readonly #pipelines = new Map<string, PsrpPipeline>();
  readonly #runspaces = new Runspaces();

  constructor(
    options: PsrpShellOptions,
    commands: ReadonlyMap<string, CommandHandler>,
    opening: ShellOpening,
  ) {
    this.#commands = commands;
    this.#find = options.find;
    this.#opening = opening;
    this.shellId = opening.shellId;
    this.principal = opening.principal;
    this.chunkSize = options.chunkSize ?? 32_768;
    this.core = new ServerRunspacePool({
      applicationPrivateData: privateData(options.powerShellVersion ?? '5.1.20348.2849'),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
  }

  /** Processes the fragments of the Create request. */
  start(): void {
    this.receive(this.#opening.creation);
    void this.#flush();
  }

  receive(data: Uint8Array, pipelineId?: string): void {
    this.core.receiveData(data, pipelineId);
    for (let event = this.core.nextEvent(); event !== undefined; event = this.core.nextEvent()) {
      if (event.pipelineId !== undefined) this.#pipelines.get(event.pipelineId)?.handle(event);
      else if (pipelineId === undefined) this.#handle(event);
      else this.#pipelines.get(pipelineId)?.refuse(`${event.type} arrived on the stream of a pipeline`);
    }
  }

  command(opening: CommandOpening): Promise<BackendCommand> {
    const pipeline = new PsrpPipeline(this, opening);
    this.#pipelines.set(pipeline.id, pipeline);
    this.core.expectPipeline(pipeline.id);
    this.receive(opening.args, pipeline.id);
    return Promise.resolve(pipeline);
  }

  async send(_stream: InputStream, data: Uint8Array): Promise<void> {
    this.receive(data);
    await this.#flush();
  }

  close(): Promise<void> {
    for (const pipeline of this.#pipelines.values()) pipeline.stop(new Error('The shell was closed'));
    this.#pipelines.clear();
    return Promise.resolve();
  }

  find(name: string): CommandHandler | undefined {
    return this.#commands.get(name.toLowerCase()) ?? this.#find?.(name);
  }

  takeRunspace(signal: AbortSignal): Promise<() => void> {
    return this.#runspaces.take(signal);
  }

  release(pipelineId: string): void {
    this.#pipelines.delete(pipelineId);
    this.core.releasePipeline(pipelineId);
  }

  /** Handles an event of the pool. Ignores unreadable messages of an open pool: its pipelines continue. */
  #handle(event: ServerEvent): void {
    switch (event.type) {
      case 'INIT_RUNSPACEPOOL':
        this.#runspaces.resize(event.body.maxRunspaces);
        // Real hosts send private data in one response and the state Opened in the next.
        this.core.sendApplicationPrivateData();
        void this.#flush();
        this.core.open();
        break;
      case 'GET_AVAILABLE_RUNSPACES':
        this.core.answerCall(event.body.callId, this.#runspaces.available);
        break;
      case 'SET_MAX_RUNSPACES':
        this.core.answerCall(event.body.callId, this.#runspaces.resize(event.body.count));
        break;
      case 'SET_MIN_RUNSPACES':
        this.core.answerCall(
          event.body.callId,
          event.body.count > 0 && event.body.count <= this.#runspaces.max,
        );
        break;
      case 'CONNECT_RUNSPACEPOOL':
        this.core.answerConnect(1, this.#runspaces.max);
        break;
      case 'PUBLIC_KEY': {
        const key = encryptedSessionKey(event.body);
        if (key !== undefined) this.core.sendEncryptedSessionKey(key);
        break;
      }
      case 'RESET_RUNSPACE_STATE':
        // These commands keep no state in the runspace.
        this.core.answerCall(event.body.callId, true);
        break;
      default:
    }
  }

  /** Writes queued data. Resolves when there is room for more: back-pressure for a client that does not read. */
  async #flush(): Promise<void> {
    const written: Promise<void>[] = [];
    for (;;) {
      const next = this.core.dataToSend(this.chunkSize);
      if (next === undefined) break;
      written.push(this.#opening.output.write(next.data));
    }
    await Promise.all(written);
  }
}
