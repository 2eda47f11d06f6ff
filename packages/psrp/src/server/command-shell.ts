import { PassThrough } from 'node:stream';
import { checkOptions, rules } from '../core/index.ts';
import type { BackendCommand, OutputSink } from './shell-backend.ts';

/** What a client said when it created a WinRS shell. */
export interface CommandShellOpening {
  /** The shell's id: an upper-case GUID. */
  readonly shellId: string;
  /** Who authenticated, as the listener's authentication port named them. */
  readonly principal: string;
  /** Whether the user's profile stays unloaded. */
  readonly noProfile: boolean;
  /** Code page of the console, for instance 437 or 65001. */
  readonly codePage?: number;
  /** Where commands run. */
  readonly workingDirectory?: string;
  /** Variables by name. */
  readonly environment: ReadonlyMap<string, string>;
}

/** What a client said when it started a command in a WinRS shell. */
export interface CommandLineOpening {
  readonly commandId: string;
  readonly command: string;
  /** As the client wrote them, one of each `rsp:Arguments`: quotes are theirs, and an element may hold several. */
  readonly arguments: readonly string[];
  /** Whether input is a console's. */
  readonly consoleInput: boolean;
  /** Whether the command is a program to be started without cmd.exe. */
  readonly skipShell: boolean;
  /** Ending one of the two ends the command, with that exit code. */
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
}

/** An open WinRS shell. */
export interface CommandShell {
  /** Starts a command. A rejection becomes a fault of that Command. */
  command(opening: CommandLineOpening): Promise<BackendCommand>;
  /** The shell is gone. Called once; commands end with it. */
  close(): Promise<void>;
}

/** Serves WinRS shells, as a ShellBackend serves those of PSRP. */
export interface CommandShellBackend {
  /** Opens a shell. A rejection becomes a fault of that Create. */
  open(opening: CommandShellOpening): Promise<CommandShell>;
}

/** What a command of a {@link commandShell} knows and can do. */
export interface CommandLineContext
  extends Omit<CommandShellOpening, 'noProfile'>, Omit<CommandLineOpening, 'stdout' | 'stderr'> {
  /** The command and its arguments, as Windows puts them together: separated by spaces. */
  readonly line: string;
  /** What the client sends, until it says that there is no more. A client that sends faster than this is read is held up. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Writes output. Resolves when there is room for more. */
  readonly stdout: (data: Uint8Array | string) => Promise<void>;
  /** Writes error output. Resolves when there is room for more. */
  readonly stderr: (data: Uint8Array | string) => Promise<void>;
  /** Aborted by Ctrl+C, Ctrl+Break and termination: the command is expected to end; what it writes may still be read. */
  readonly interrupted: AbortSignal;
  /** Aborted when the command was terminated or its shell is gone: nobody reads any more. */
  readonly signal: AbortSignal;
}

/** Runs a command; what it returns is the exit code. Throwing ends the command with the message on stderr and code 1. */
export type CommandLineHandler = (context: CommandLineContext) => Promise<number>;

/** Bytes of input that may wait for a command to read them, on each of a stream's two sides. */
const inputBufferBytes = 65_536;

/**
 * A backend whose shells run command lines by a function of yours, whatever the command.
 *
 * @example
 * ```ts
 * const listener = new WsmanListener({
 *   commandShell: commandShell(async ({ line, stdout }) => {
 *     await stdout(`You said: ${line}\r\n`);
 *     return 0;
 *   }),
 *   authentication,
 * });
 * ```
 */
export function commandShell(handler: CommandLineHandler): CommandShellBackend {
  checkOptions({ handler }, { handler: rules.call }, ['handler']);
  return {
    open: ({ noProfile: _, ...shell }) => {
      const running = new Set<RunningCommand>();
      return Promise.resolve({
        command: (opening) => {
          const command = new RunningCommand(opening);
          running.add(command);
          void command.run(handler, shell).finally(() => running.delete(command));
          return Promise.resolve(command);
        },
        close: async () => {
          const ended = [...running].map((command) => command.signal('terminate'));
          await Promise.all(ended);
        },
      });
    },
  };
}

class RunningCommand implements BackendCommand {
  readonly #opening: CommandLineOpening;
  readonly #interrupted = new AbortController();
  readonly #closed = new AbortController();
  readonly #stdin = new PassThrough({ highWaterMark: inputBufferBytes });

  constructor(opening: CommandLineOpening) {
    this.#opening = opening;
    // Destroying it below tells whoever still reads; nobody else is to hear of that.
    this.#stdin.on('error', () => undefined);
  }

  async run(handler: CommandLineHandler, shell: Omit<CommandShellOpening, 'noProfile'>): Promise<void> {
    const { stdout, stderr, ...opening } = this.#opening;
    const write = (sink: OutputSink) => (data: Uint8Array | string) =>
      sink.write(typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
    let exitCode = 1;
    try {
      exitCode = await handler({
        ...shell,
        ...opening,
        line: [opening.command, ...opening.arguments].join(' '),
        stdin: this.#stdin,
        stdout: write(stdout),
        stderr: write(stderr),
        interrupted: this.#interrupted.signal,
        signal: this.#closed.signal,
      });
    } catch (error) {
      void write(stderr)(`${error instanceof Error ? error.message : String(error)}\r\n`);
    }
    this.#stdin.destroy();
    stdout.end(exitCode);
  }

  /** Input for a command that has ended, or that reads no more, is dropped. */
  async send(_stream: string, data: Uint8Array, end: boolean): Promise<void> {
    const stdin = this.#stdin;
    if (stdin.destroyed || stdin.writableEnded) return;
    const room = stdin.write(data);
    if (end) stdin.end();
    if (room || end) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.off('drain', done).off('close', done);
        resolve();
      };
      stdin.on('drain', done).on('close', done);
    });
  }

  signal(signal: 'interrupt' | 'terminate'): Promise<void> {
    const reason = new Error(signal === 'interrupt' ? 'Interrupted by Ctrl+C' : 'The command was terminated');
    this.#interrupted.abort(reason);
    if (signal === 'terminate') {
      this.#closed.abort(reason);
      this.#stdin.destroy();
    }
    return Promise.resolve();
  }
}
