import type { Stats } from 'node:fs';
import { open, stat, truncate, type FileHandle } from 'node:fs/promises';
import { rotateFiles, syncFolder } from '../logs/rotate-files.ts';
import { readFileTail } from './file-tail.ts';
import { reasonOf, type AuditSink, type SinkBatch } from './sink.ts';
import { writeAll } from './write-all.ts';

/** Properties of a file sink. */
export interface FileSinkOptions {
  readonly path: string;
  /** The number of full files to keep, named `path.1` (the newest) to `path.N`. */
  readonly keep: number;
  readonly warn: (message: string) => void;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly device: number;
  readonly inode: number;
}

/** Appends records to a file and flushes each batch to the disk. */
export class FileSink implements AuditSink {
  readonly name = 'file';
  readonly #options: FileSinkOptions;
  #file: OpenFile | undefined;
  /** The file of the last stored line, and its length: what follows is left over from a failed write. */
  #stored: { readonly inode: number; readonly size: number } | undefined;

  constructor(options: FileSinkOptions) {
    this.#options = options;
  }

  async write({ lines, rotates }: SinkBatch): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    try {
      const { handle, inode } = await this.#open();
      await writeAll(handle.fd, bytes);
      await handle.datasync();
      this.#stored = { inode, size: (this.#stored?.size ?? 0) + bytes.length };
    } catch (error) {
      await this.close();
      throw error;
    }
    if (rotates) await this.#rotate();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // The system may report a failed write once more; its lines are written again anyway.
    await file?.handle.close().catch(() => undefined);
  }

  /** Returns the open file, unless it was removed or replaced; then opens it again. */
  async #open(): Promise<OpenFile> {
    const { path } = this.#options;
    const found = await stat(path).catch(() => undefined);
    if (this.#file !== undefined && found?.ino === this.#file.inode && found.dev === this.#file.device) {
      this.#compareSize(found);
      return this.#file;
    }
    if (this.#file !== undefined) this.#warnOfOther('removed');
    await this.close();
    const handle = await open(path, 'a', 0o600);
    const { dev: device, ino: inode, size } = await statOf(handle);
    this.#file = { handle, device, inode };
    const complete =
      this.#stored?.inode === inode ? this.#stored.size : size === 0 ? 0 : readFileTail(path).complete;
    // By name: Windows does not cut a file that is open for appending.
    if (size > complete) await truncate(path, complete);
    this.#stored = { inode, size: Math.min(size, complete) };
    if (size === 0) await syncFolder(path);
    return this.#file;
  }

  /** Nothing else may write to the file; what it wrote stays, and the verification finds it. */
  #compareSize(found: Stats): void {
    const { inode, size } = this.#stored ?? { inode: found.ino, size: found.size };
    if (!found.isFile() || found.size === size) return;
    this.#warnOfOther('changed');
    this.#stored = { inode, size: found.size };
  }

  #warnOfOther(action: 'changed' | 'removed'): void {
    this.#options.warn(`Another process has ${action} the audit file. Its verification will fail.`);
  }

  /** If a file cannot be renamed, the records continue in the same file. */
  async #rotate(): Promise<void> {
    const { path, keep, warn } = this.#options;
    await this.close();
    try {
      await rotateFiles(path, keep);
    } catch (error) {
      warn(`A full audit file cannot be renamed (${reasonOf(error)}), so it continues to grow.`);
    }
  }
}

async function statOf(handle: FileHandle): Promise<Stats> {
  try {
    return await handle.stat();
  } catch (error) {
    await handle.close();
    throw error;
  }
}
