import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** Output of command lines: bytes, which may be cut anywhere. */
export class ByteOutput implements StoredOutput {
  #chunks: OutputChunk[] = [];
  #size = 0;

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes of a stream. */
  push(stream: string, data: Uint8Array): void {
    this.#chunks.push({ stream, data });
    this.#size += data.length;
  }

  /** Takes up to so many bytes, neighbours of a stream as one. */
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

  /** Throws all of it away. */
  clear(): void {
    this.#chunks = [];
    this.#size = 0;
  }
}

/** Neighbours of the same stream as one: programs write in small pieces, and each element costs more than its bytes. */
function joined(chunks: readonly OutputChunk[]): OutputChunk[] {
  const runs: { stream: string; parts: Uint8Array[] }[] = [];
  for (const { stream, data } of chunks) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.parts.push(data);
    else runs.push({ stream, parts: [data] });
  }
  return runs.map(({ stream, parts }) => ({ stream, data: Buffer.concat(parts) }));
}
