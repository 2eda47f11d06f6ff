import { write as writeToDescriptor } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const write = promisify(writeToDescriptor);

/** Time that a full pipe may take to be read, in milliseconds. */
const patience = 5000;
const pause = 10;

/** Writes all bytes to a file descriptor, at its position. @throws Error of the system. */
export async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  const deadline = performance.now() + patience;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += (await write(descriptor, bytes, written, bytes.length - written, null)).bytesWritten;
    } catch (error) {
      if (!isFull(error) || performance.now() > deadline) throw error;
      await delay(pause);
    }
  }
}

/** A pipe in non-blocking mode whose reader is slow. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
