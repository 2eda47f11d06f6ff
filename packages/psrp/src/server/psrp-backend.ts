import { psDictionary, PsScalar, psList, type PsValue } from '../clixml/index.ts';
import { PsrpError, ServerRunspacePool, type FragmentLimits, type ServerEvent } from '../core/index.ts';
import type { CommandHandler } from './psrp-command.ts';
import { PsrpPipeline, type PipelineShell } from './psrp-pipeline.ts';
import type {
  BackendCommand,
  BackendShell,
  CommandOpening,
  InputStream,
  ShellBackend,
  ShellOpening,
} from './shell-backend.ts';

/** What a shell of fixed commands offers. */
export interface PsrpShellOptions {
  /** The commands by name. Everything else is unknown, and scripts are refused, as in no-language mode. */
  readonly commands: Readonly<Record<string, CommandHandler>>;
  /** The version of PowerShell that clients are told. 5.1.20348.2849 by default. */
  readonly powerShellVersion?: string;
  /** Bytes of fragments in one write to the client. 32,768 by default. */
  readonly chunkSize?: number;
  /** Bounds of what a client may send. */
  readonly limits?: Partial<FragmentLimits>;
}

/**
 * A backend whose shells are runspace pools that know a fixed set of commands.
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
  readonly #opening: ShellOpening;
  readonly #pipelines = new Map<string, PsrpPipeline>();
  readonly #runspaces = new Runspaces();

  constructor(
    options: PsrpShellOptions,
    commands: ReadonlyMap<string, CommandHandler>,
    opening: ShellOpening,
  ) {
    this.#commands = commands;
    this.#opening = opening;
    this.shellId = opening.shellId;
    this.principal = opening.principal;
    this.chunkSize = options.chunkSize ?? 32_768;
    this.core = new ServerRunspacePool({
      applicationPrivateData: privateData(options.powerShellVersion ?? '5.1.20348.2849'),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
  }

  /** Reads what came with the shell's creation. */
  start(): void {
    this.receive(this.#opening.creation);
    void this.#flush();
  }

  receive(data: Uint8Array, pipelineId?: string): void {
    this.core.receiveData(data, pipelineId);
    for (let event = this.core.nextEvent(); event !== undefined; event = this.core.nextEvent()) {
      if (event.pipelineId !== undefined) this.#pipelines.get(event.pipelineId)?.handle(event);
      else if (pipelineId === undefined) this.#handle(event);
      else throw new PsrpError('message-unexpected', `${event.type} came by the stream of a pipeline`);
    }
  }

  command(opening: CommandOpening): Promise<BackendCommand> {
    const pipeline = new PsrpPipeline(this, opening);
    this.#pipelines.set(pipeline.id, pipeline);
    this.core.expectPipeline(pipeline.id);
    try {
      this.receive(opening.args, pipeline.id);
    } catch (error) {
      this.release(pipeline.id);
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
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
    return this.#commands.get(name.toLowerCase());
  }

  takeRunspace(signal: AbortSignal): Promise<() => void> {
    return this.#runspaces.take(signal);
  }

  release(pipelineId: string): void {
    this.#pipelines.delete(pipelineId);
    this.core.releasePipeline(pipelineId);
  }

  #handle(event: ServerEvent): void {
    switch (event.type) {
      case 'INIT_RUNSPACEPOOL':
        this.#runspaces.resize(event.body.maxRunspaces);
        // Real hosts say what they are in one answer and that the pool is open in the next.
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
      case 'RESET_RUNSPACE_STATE':
        // Commands here keep nothing in the runspace.
        this.core.answerCall(event.body.callId, true);
        break;
      default:
    }
  }

  /** Resolves when there is room for more: who asks without fetching the answers waits. */
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

/** How many pipelines run at once; the others wait in their order, as on a real host. */
class Runspaces {
  max = 1;
  #used = 0;
  readonly #waiting = new Set<() => void>();

  get available(): number {
    return Math.max(0, this.max - this.#used);
  }

  /** @returns whether the number is possible. */
  resize(max: number): boolean {
    if (max < 1) return false;
    this.max = max;
    this.#admit();
    return true;
  }

  take(signal: AbortSignal): Promise<() => void> {
    const turn = Promise.withResolvers<() => void>();
    const start = (): void => {
      signal.removeEventListener('abort', onAbort);
      turn.resolve(() => {
        this.#used -= 1;
        this.#admit();
      });
    };
    const onAbort = (): void => {
      this.#waiting.delete(start);
      turn.reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(start);
      this.#admit();
    }
    return turn.promise;
  }

  #admit(): void {
    for (const start of this.#waiting) {
      if (this.#used >= this.max) return;
      this.#waiting.delete(start);
      this.#used += 1;
      start();
    }
  }
}

/** What a host tells of itself in APPLICATION_PRIVATE_DATA (MS-PSRP 2.2.2.13). */
function privateData(powerShellVersion: string): PsValue {
  const typeNames = [
    'System.Management.Automation.PSPrimitiveDictionary',
    'System.Collections.Hashtable',
    'System.Object',
  ];
  const version = (text: string): PsValue => new PsScalar('Version', text);
  const compatible = ['1.0', '2.0', '3.0', '4.0', '5.0', powerShellVersion];
  const table = psDictionary(
    {
      PSVersion: version(powerShellVersion),
      PSEdition: 'Desktop',
      PSCompatibleVersions: psList(compatible.map(version), [
        'System.Version[]',
        'System.Array',
        'System.Object',
      ]),
      WSManStackVersion: version('3.0'),
      PSRemotingProtocolVersion: version('2.3'),
      SerializationVersion: version('1.1.0.1'),
    },
    typeNames,
  );
  return psDictionary({ PSVersionTable: table }, typeNames);
}
