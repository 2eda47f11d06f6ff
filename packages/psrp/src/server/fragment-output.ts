import { encodeFragment, fragmentHeaderSize, FragmentReader, type Fragment } from '../core/index.ts';
import type { OutputChunk, StoredOutput } from './stored-output.ts';

/** Longer fragments are not PSRP: WS-Management envelopes end far below. */
const maxFragment = 1_048_576;

/** What an element costs in an answer, in bytes of data: its tag with the ids of stream and command. */
const elementCost = 96;

/** Room for a fragment with some content, whatever the client says. */
const minAnswer = 64;

interface Waiting {
  readonly stream: string;
  readonly fragment: Fragment;
  /** Counts writes, for output that has an answer for each. */
  readonly write: number;
}

/**
 * Output of runspace pools: one whole fragment an element, as on Windows, however the backend cut its bytes. Some clients
 * (Ruby's WinRM) decode each element by itself. A fragment that no answer has room for is cut in two, and those of its object
 * that follow are renumbered.
 */
export class FragmentOutput implements StoredOutput {
  readonly #answerPerWrite: boolean;
  readonly #reader = new FragmentReader(maxFragment);
  /** By how much the ids of an object's fragments have grown. */
  readonly #shifts = new Map<bigint, bigint>();
  #waiting: Waiting[] = [];
  #taken = 0;
  #size = 0;
  #writes = 0;

  /** @param answerPerWrite whether what a write completed is an answer by itself. */
  constructor({ answerPerWrite }: { readonly answerPerWrite: boolean }) {
    this.#answerPerWrite = answerPerWrite;
  }

  /** Bytes of whole fragments that wait. */
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

  /** Takes whole fragments of up to so many bytes. */
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

  /** Throws all of it away. */
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
