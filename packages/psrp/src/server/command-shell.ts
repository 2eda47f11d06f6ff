import { PassThrough } from 'node:stream';
import { checkOptions, rules } from '../core/index.ts';
import type { BackendCommand, OutputSink } from './shell-backend.ts';

/** Parameters of a WinRS shell from its Create request. */
export interface CommandShellOpening {
  /** Id of the shell: a GUID in upper case. */
  readonly shellId: string;
  /** Authenticated principal, as returned by the listener's authentication. */
  readonly principal: string;
  /** True if the user's profile is not loaded. */
  readonly noProfile: boolean;
  /** Code page of the console, for example 437 or 65001. */
  readonly codePage?: number;
  /** Working directory of commands. */
  readonly workingDirectory?: string;
  /** Environment variables by name. */
  readonly environment: ReadonlyMap<string, string>;
}

/** Parameters of a command in a WinRS shell from its Command request. */
export interface CommandLineOpening {
  readonly commandId: string;
  readonly command: string;
  /**
   * Arguments as the client wrote them, one per `rsp:Arguments`. Quotes are kept; an element may hold several
   * arguments.
   */
  readonly arguments: readonly string[];
  /** True if standard input is a console (`WINRS_CONSOLEMODE_STDIN`). */
  readonly consoleInput: boolean;
  /** True if the command is a program to be started without cmd.exe (`WINRS_SKIP_CMD_SHELL`). */
  readonly skipShell: boolean;
  /** Ending `stdout` or `stderr` ends the command with the given exit code. */
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
}

/** Open WinRS shell. */
export interface CommandShell {
  /** Starts a command. A rejection becomes a fault of the Command request. */
  command(opening: CommandLineOpening): Promise<BackendCommand>;
  /** Closes the shell and its commands. Called once. */
  close(): Promise<void>;
}

/** Backend of WinRS shells; ShellBackend is its counterpart for PSRP shells. */
export interface CommandShellBackend {
  /** Opens a shell. A rejection becomes a fault of the Create request. */
  open(opening: CommandShellOpening): Promise<CommandShell>;
}

/** Context of a command in a {@link commandShell}. */
export interface CommandLineContext
  extends Omit<CommandShellOpening, 'noProfile'>, Omit<CommandLineOpening, 'stdout' | 'stderr'> {
  /** Command line: the command and its arguments, separated by spaces as on Windows. */
  readonly line: string;
  /**
   * Standard input, until the client ends it. Back-pressure applies to a client that sends faster than this is read.
   */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Writes to standard output; a string is encoded as UTF-8. Resolves when there is room for more. */
  readonly stdout: (data: Uint8Array | string) => Promise<void>;
  /** Writes to standard error; a string is encoded as UTF-8. Resolves when there is room for more. */
  readonly stderr: (data: Uint8Array | string) => Promise<void>;
  /** Aborted by Ctrl+C, Ctrl+Break and termination: the command should end. Its output may still be read. */
  readonly interrupted: AbortSignal;
  /** Aborted when the command was terminated or its shell has ended. Its output is no longer read. */
  readonly signal: AbortSignal;
}

/** Runs a command and returns its exit code. If it throws, the message goes to stderr and the exit code is 1. */
export type CommandLineHandler = (context: CommandLineContext) => Promise<number>;

/** High-water mark of unread input, in bytes, for each side of the stream. */
const inputBufferBytes = 65_536;

/**
 * Creates a backend whose WinRS shells run every command line with `handler`.
 *
 * @throws {OptionError} if `handler` is not a function.
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
    // Destroying it below raises an error for its reader; without a listener the error would be unhandled.
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

  /** Sends input. Drops input for a command that has ended or no longer reads. */
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
