import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { timestamp } from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import { escapeControls } from './escape-controls.ts';
import { requestContext } from './request-context.ts';
import { rotateFiles } from './rotate-files.ts';

/** An entry of the service's log. */
export interface LogEntry {
  readonly level: string;
  readonly context: string;
  readonly message: unknown;
  readonly stack?: string;
}

/** Properties of a log file. */
export interface LogFileOptions {
  readonly path: string;
  readonly clock: Clock;
  /** The size at which a new file begins, in bytes. */
  readonly fileBytes: number;
  /** The number of full files to keep, named `path.1` (the newest) to `path.N`. */
  readonly keep: number;
  /** Called with the reason when the file cannot be written, and with null when it can again. Must not log to this file. */
  readonly onChange: (problem: string | null) => void;
}

interface OpenLog {
  readonly handle: FileHandle;
  size: number;
  /** True if the last line is incomplete: a crash or a full disk has cut it. */
  isCut: boolean;
}

/** The maximum length of all waiting lines, in characters. */
const maxPending = 4 * 1024 * 1024;
const maxText = 16 * 1024;
const lineFeed = 0x0a;

/**
 * Writes the service log as lines of JSON. Never throws and never blocks. Entries are dropped and counted while the file
 * cannot be written, or not fast enough.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #pending: string[] = [];
  #length = 0;
  #lost = 0;
  #file: OpenLog | undefined;
  #writing: Promise<void> | undefined;
  #problem: string | null = null;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  write(entry: LogEntry): void {
    const line = this.#lineOf(entry);
    if (this.#length + line.length > maxPending) {
      this.#lost += 1;
      return;
    }
    this.#pending.push(line);
    this.#length += line.length;
    this.#writing ??= this.#drain().finally(() => (this.#writing = undefined));
  }

  /** Writes the remaining entries. Nest calls this after the last request. */
  async onApplicationShutdown(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#close();
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const lines = this.#pending;
      this.#pending = [];
      this.#length = 0;
      try {
        await this.#append(lines.join(''));
        this.#report(null);
      } catch (error) {
        this.#lost += lines.length;
        await this.#close();
        this.#report(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #append(text: string): Promise<void> {
    const { path, fileBytes, keep } = this.#options;
    if (this.#file !== undefined && this.#file.size >= fileBytes) {
      await this.#close();
      // A file that cannot be renamed continues to grow.
      await rotateFiles(path, keep).catch(() => undefined);
    }
    this.#file ??= await openLog(path);
    const { handle, isCut } = this.#file;
    const lost = this.#lost;
    const notice = lost === 0 ? '' : this.#lineOf({ level: 'warn', context: 'Log', message: lostText(lost) });
    const bytes = Buffer.from(`${isCut ? '\n' : ''}${notice}${text}`);
    await handle.appendFile(bytes);
    this.#file.isCut = false;
    this.#file.size += bytes.length;
    this.#lost -= lost;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }

  #report(problem: string | null): void {
    if ((problem === null) === (this.#problem === null)) return;
    this.#problem = problem;
    this.#options.onChange(problem);
  }

  #lineOf({ level, context, message, stack }: LogEntry): string {
    const entry = {
      timestamp: timestamp(this.#options.clock.now()),
      level,
      context,
      message: cut(typeof message === 'string' ? message : inspect(message)),
      request: requestContext.getStore()?.requestId ?? null,
      ...(stack === undefined ? {} : { stack: cut(stack) }),
    };
    return `${escapeControls(JSON.stringify(entry))}\n`;
  }
}

async function openLog(path: string): Promise<OpenLog> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const handle = await open(path, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return { handle, size, isCut: bytesRead === 1 && buffer[0] !== lineFeed };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function cut(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`;
}

function lostText(count: number): string {
  return `${count} log ${count === 1 ? 'entry was' : 'entries were'} lost because the file could not be written.`;
}
