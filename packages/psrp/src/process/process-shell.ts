import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkOptions, rules } from '../core/index.ts';
import { commandShell, type CommandLineContext, type CommandShellBackend } from '../server/index.ts';

/** Local program. */
export interface LocalProgram {
  readonly command: string;
  readonly args?: readonly string[];
  /** Environment of the program. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Options of {@link processShell}. */
export interface ProcessShellOptions {
  /**
   * Returns the program to start for a command. If it throws, the command fails with the message on its standard error.
   */
  readonly spawn: (command: CommandLineContext) => LocalProgram;
}

/** Exit code of a process that Ctrl+C ended on Windows: STATUS_CONTROL_C_EXIT as a signed number. */
const controlCExitCode = -1_073_741_510;

/**
 * Creates a WinRS backend whose commands are local processes. A client that does not read their output exerts
 * back-pressure, Ctrl+C sends them SIGINT, and they are killed with their process group when the command is terminated
 * or its shell closed.
 *
 * @throws {OptionError} if `spawn` is not a function.
 *
 * @example
 * ```ts
 * const commandShell = processShell({ spawn: ({ line }) => ({ command: '/bin/sh', args: ['-c', line] }) });
 * ```
 */
export function processShell(options: ProcessShellOptions): CommandShellBackend {
  checkOptions(options, { spawn: rules.call }, ['spawn']);
  return commandShell(async (context) => {
    const child = start(options.spawn(context));
    const exited = exitOf(child);
    const interrupt = (): void => kill(child, 'SIGINT');
    const terminate = (): void => kill(child, 'SIGKILL');
    context.interrupted.addEventListener('abort', interrupt);
    context.signal.addEventListener('abort', terminate);
    if (context.signal.aborted) terminate();
    // A program may not read its input, or not to the end.
    pipeline(context.stdin, child.stdin).catch(() => undefined);
    try {
      const output = [pump(child.stdout, context.stdout), pump(child.stderr, context.stderr)];
      const exitCode = await exited;
      // Child processes that are still running would keep its output open.
      terminate();
      await Promise.all(output);
      return exitCode;
    } finally {
      context.interrupted.removeEventListener('abort', interrupt);
      context.signal.removeEventListener('abort', terminate);
    }
  });
}

function start({ command, args = [], env = process.env, cwd }: LocalProgram): ChildProcessWithoutNullStreams {
  return spawn(command, args, {
    env,
    // A separate process group, so that its child processes can be killed with it.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${child.spawnfile} could not be started: ${cause.message}`, { cause }));
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? controlCExitCode : 1)));
  });
}

/** Forwards output as fast as it is read. A program that could not be started has none. */
async function pump(source: Readable, write: (data: Uint8Array) => Promise<void>): Promise<void> {
  try {
    for await (const data of source) if (Buffer.isBuffer(data)) await write(data);
  } catch {
    // The exit of the program reports the error.
  }
}

/** Signals the process group. */
function kill(child: ChildProcessWithoutNullStreams, signal: 'SIGINT' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has already exited.
  }
}
