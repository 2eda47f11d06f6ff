import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkOptions, rules } from '../core/index.ts';
import { commandShell, type CommandLineContext, type CommandShellBackend } from '../server/index.ts';

/** A local program. */
export interface LocalProgram {
  readonly command: string;
  readonly args?: readonly string[];
  /** Its environment; ours by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Options of {@link processShell}. */
export interface ProcessShellOptions {
  /** Says what to start for a command. Throwing refuses it, with the message on its standard error. */
  readonly spawn: (command: CommandLineContext) => LocalProgram;
}

/** What Windows reports of a process that Ctrl+C ended: STATUS_CONTROL_C_EXIT, as the signed number that exit codes are. */
const controlCExitCode = -1_073_741_510;

/**
 * A WinRS shell whose commands are local processes: their output is held back while nobody fetches it, Ctrl+C interrupts
 * them, and they are killed, with all that they have started, when the command is terminated or its shell closed.
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
    // A program need not read its input to the end, or at all.
    pipeline(context.stdin, child.stdin).catch(() => undefined);
    try {
      const output = [pump(child.stdout, context.stdout), pump(child.stderr, context.stderr)];
      const exitCode = await exited;
      // What it has left behind would hold its output open.
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
    // A group of its own, so that what it starts can be killed with it.
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

/** Passes output on as fast as it is fetched. A program that could not be started has none. */
async function pump(source: Readable, write: (data: Uint8Array) => Promise<void>): Promise<void> {
  try {
    for await (const data of source) if (Buffer.isBuffer(data)) await write(data);
  } catch {
    // Its exit tells.
  }
}

/** Signals the whole group. */
function kill(child: ChildProcessWithoutNullStreams, signal: 'SIGINT' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself, which is what is wanted.
  }
}
