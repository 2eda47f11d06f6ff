import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type {
  FragmentBudget,
  PipelineSignal,
  PsrpTransport,
  SendStream,
  TransportOpening,
} from '../client/index.ts';
import { checkOptions, PsrpError, rules, type OptionRules } from '../core/index.ts';
import { PacketTransport, type PacketTransportOptions } from './packet-transport.ts';

/** Options of {@link processTransport}. */
export interface ProcessTransportOptions extends Omit<PacketTransportOptions, 'explainEnd'> {
  /** Program. Default `pwsh`. */
  readonly command?: string;
  /** Arguments of the program. Default `-s -NoLogo -NoProfile`. */
  readonly args?: readonly string[];
  /** Environment of the program. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds for the process to exit before it is killed with its process group. Default 5,000. */
  readonly graceMs?: number;
}

const processRules: OptionRules<ProcessTransportOptions> = {
  command: rules.text,
  args: rules.textList,
  env: rules.object,
  cwd: rules.text,
  graceMs: rules.duration,
  maxLineLength: rules.size,
  highWaterMark: rules.size,
};

/** Maximum length of the kept end of standard error, in UTF-16 code units. */
const maxStderr = 8192;

/**
 * Creates a transport to a separate PowerShell process, which `open` starts and `close` ends.
 *
 * @throws {OptionError} if an option is unusable.
 *
 * @example
 * ```ts
 * await using pool = await RunspacePool.open(processTransport());
 * ```
 */
export function processTransport(options: ProcessTransportOptions = {}): PsrpTransport {
  checkOptions(options, processRules);
  return new ProcessTransport(options);
}

class ProcessTransport implements PsrpTransport {
  readonly maxFragmentSize: FragmentBudget = { first: 32_768, other: 32_768 };
  readonly #options: ProcessTransportOptions;
  #child: ChildProcessWithoutNullStreams | undefined;
  #packets: PacketTransport | undefined;
  /** Resolves to the reason of the exit, once the streams of the process are closed too. */
  #exited: Promise<PsrpError> | undefined;
  #closing: Promise<void> | undefined;
  #stderr = '';

  constructor(options: ProcessTransportOptions) {
    this.#options = options;
  }

  async open(opening: TransportOpening, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#start();
    await this.#opened().open(opening, signal);
  }

  createCommand(pipelineId: string, firstFragments: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#opened().createCommand(pipelineId, firstFragments, signal);
  }

  send(
    stream: SendStream,
    data: Uint8Array,
    pipelineId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#opened().send(stream, data, pipelineId, signal);
  }

  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#opened().receive(pipelineId, signal);
  }

  signal(pipelineId: string, kind: PipelineSignal, signal: AbortSignal): Promise<void> {
    return this.#opened().signal(pipelineId, kind, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #start(): void {
    const {
      command = 'pwsh',
      args = ['-s', '-NoLogo', '-NoProfile'],
      env = process.env,
      cwd,
    } = this.#options;
    // A separate process group, so that its child processes can be killed with it.
    const detached = process.platform !== 'win32';
    const child = spawn(command, args, {
      env,
      detached,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#child = child;
    this.#exited = this.#watch(child, command);
    this.#packets = new PacketTransport(child.stdout, child.stdin, {
      ...this.#options,
      explainEnd: () => this.#explainEnd(child),
    });
  }

  #watch(child: ChildProcessWithoutNullStreams, command: string): Promise<PsrpError> {
    const exited = Promise.withResolvers<PsrpError>();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-maxStderr);
    });
    child.on('error', (cause) => {
      const message = `${command} could not be started: ${cause.message}`;
      exited.resolve(new PsrpError('process-failed', message, { cause }));
    });
    // `close` instead of `exit`: standard error has been read completely by then.
    child.on('close', (code, signal) => {
      const how = code === null ? `was ended by ${String(signal)}` : `ended with code ${code}`;
      exited.resolve(new PsrpError('process-failed', `${command} ${how}${this.#complaint()}`));
    });
    return exited.promise;
  }

  /** Waits for the exit of a process that has closed its output, and kills it after the grace period. */
  async #explainEnd(child: ChildProcessWithoutNullStreams): Promise<PsrpError> {
    const timer = setTimeout(() => this.#kill(child), this.#grace());
    const error = await this.#exitOf();
    clearTimeout(timer);
    return error;
  }

  #exitOf(): Promise<PsrpError> {
    return this.#exited ?? Promise.resolve(new PsrpError('transport-ended', 'The process was not started'));
  }

  #grace(): number {
    return this.#options.graceMs ?? 5_000;
  }

  #complaint(): string {
    const text = this.#stderr.trim();
    return text === '' ? '' : `; it said: ${text}`;
  }

  #opened(): PacketTransport {
    if (this.#packets === undefined) throw new PsrpError('transport-ended', 'The process was not started');
    return this.#packets;
  }

  async #close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const timer = setTimeout(() => this.#kill(child), this.#grace());
    try {
      await Promise.race([this.#packets?.close(), this.#exitOf()]);
      await this.#exitOf();
    } finally {
      clearTimeout(timer);
      this.#kill(child);
    }
  }

  /** Kills the process group, including processes that a pipeline left running. */
  #kill(child: ChildProcessWithoutNullStreams): void {
    if (child.pid === undefined) return;
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has already exited.
    }
  }
}
