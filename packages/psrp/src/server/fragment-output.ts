import { encodeFragment, fragmentHeaderSize, FragmentReader, type Fragment } from '../core/index.ts';
import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** Maximum size of a fragment, in bytes: WS-Management envelopes are far smaller. */
const maxFragment = 1_048_576;

/** Overhead of an element in a response, in bytes of data: its tag with the ids of stream and command. */
const elementCost = 96;

/** Minimum room for a fragment, in bytes, regardless of the client's limit. */
const minAnswer = 64;

interface Waiting {
  readonly stream: string;
  readonly fragment: Fragment;
  /** Number of the write, for output with one response per write. */
  readonly write: number;
}

/**
 * Output of runspace pools: one complete fragment per element, as on Windows, however the backend split its bytes. Some
 * clients (Ruby's WinRM) decode each element separately. A fragment that is too large for a response is split in two,
 * and the following fragments of its object are renumbered.
 */
export class FragmentOutput implements StoredOutput {
  readonly #answerPerWrite: boolean;
  readonly #reader = new FragmentReader(maxFragment);
  /** Offset of the fragment ids of an object after splits. */
  readonly #shifts = new Map<bigint, bigint>();
  #waiting: Waiting[] = [];
  #taken = 0;
  #size = 0;
  #writes = 0;

  /** @param answerPerWrite true if the fragments that a write completes are a separate response. */
  constructor({ answerPerWrite }: { readonly answerPerWrite: boolean }) {
    this.#answerPerWrite = answerPerWrite;
  }

  /** Bytes of stored complete fragments. */
  get size(): number {
    return this.#size;
  }

  /** @throws {PsrpError} if the bytes are not fragments. */
  push(stream: string, data: Uint8Array): void {
    this.#writes += 1;
    for (const fragment of this.#reader.read(data)) {
      this.#waiting.push({ stream, fragment, write: this.#writes });
      this.#size += sizeOf(fragment);
    }
  }

  /** Removes and returns complete fragments of up to `limit` bytes. */
  take(limit: number): OutputChunk[] {
    const chunks: OutputChunk[] = [];
    let room = Math.max(limit, minAnswer);
    const first = this.#waiting[this.#taken];
    for (let next = first; next !== undefined; next = this.#waiting[this.#taken]) {
      if (this.#answerPerWrite && next.write !== first?.write) break;
      const size = sizeOf(next.fragment);
      if (size > room) {
        if (chunks.length === 0) chunks.push(this.#cut(next, room));
        break;
      }
      chunks.push(this.#whole(next));
      room -= size + elementCost;
    }
    if (this.#taken * 2 >= this.#waiting.length) {
      this.#waiting.splice(0, this.#taken);
      this.#taken = 0;
    }
    return chunks;
  }

  /** Discards all stored fragments. */
  clear(): void {
    this.#waiting = [];
    this.#taken = 0;
    this.#size = 0;
  }

  #whole({ stream, fragment }: Waiting): OutputChunk {
    this.#taken += 1;
    this.#size -= sizeOf(fragment);
    const data = this.#encode(fragment);
    if (fragment.end) this.#shifts.delete(fragment.objectId);
    return { stream, data };
  }

  #cut(waiting: Waiting, room: number): OutputChunk {
    const { stream, fragment } = waiting;
    const length = room - fragmentHeaderSize;
    const data = this.#encode({ ...fragment, end: false, blob: fragment.blob.subarray(0, length) });
    const rest = { ...fragment, start: false, blob: fragment.blob.subarray(length) };
    this.#waiting[this.#taken] = { ...waiting, fragment: rest };
    this.#shifts.set(fragment.objectId, (this.#shifts.get(fragment.objectId) ?? 0n) + 1n);
    this.#size -= length;
    return { stream, data };
  }

  #encode(fragment: Fragment): Uint8Array {
    const shift = this.#shifts.get(fragment.objectId) ?? 0n;
    return encodeFragment({ ...fragment, fragmentId: fragment.fragmentId + shift });
  }
}

function sizeOf({ blob }: Fragment): number {
  return fragmentHeaderSize + blob.length;
}
