import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** Output of command lines: bytes that may be split anywhere. */
export class ByteOutput implements StoredOutput {
  #chunks: OutputChunk[] = [];
  #size = 0;

  /** Number of stored bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes of a stream. */
  push(stream: string, data: Uint8Array): void {
    this.#chunks.push({ stream, data });
    this.#size += data.length;
  }

  /** Removes and returns up to `limit` bytes. Adjacent chunks of a stream are joined. */
  take(limit: number): OutputChunk[] {
    const taken: OutputChunk[] = [];
    let room = limit;
    let index = 0;
    for (const { stream, data } of this.#chunks) {
      if (room === 0) break;
      taken.push({ stream, data: data.subarray(0, room) });
      if (data.length > room) {
        this.#chunks[index] = { stream, data: data.subarray(room) };
        room = 0;
        break;
      }
      room -= data.length;
      index += 1;
    }
    this.#chunks.splice(0, index);
    this.#size -= limit - room;
    return joined(taken);
  }

  /** Discards all stored bytes. */
  clear(): void {
    this.#chunks = [];
    this.#size = 0;
  }
}

/**
 * Joins adjacent chunks of a stream: programs write in small pieces, and each XML element costs more than its bytes.
 */
function joined(chunks: readonly OutputChunk[]): OutputChunk[] {
  const runs: { stream: string; parts: Uint8Array[] }[] = [];
  for (const { stream, data } of chunks) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.parts.push(data);
    else runs.push({ stream, parts: [data] });
  }
  return runs.map(({ stream, parts }) => ({ stream, data: Buffer.concat(parts) }));
}
