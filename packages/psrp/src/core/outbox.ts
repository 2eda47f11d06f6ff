import { PsrpError } from './errors.ts';
import { encodeFragment, fragmentHeaderSize } from './fragment.ts';

/** Outbound stream: `pr` (the priority stream) carries responses to host calls, `stdin` all other data. */
export type OutboundStream = 'stdin' | 'pr';

/** Complete fragments, ready for a transport. */
export interface OutboundData {
  readonly stream: OutboundStream;
  readonly data: Uint8Array;
  /**
   * Puts the fragments back at the front of the queue, if the transport provably did not deliver them. The next
   * fragments carry the same content, split anew.
   *
   * @throws {RangeError} if more fragments have been taken since then: the order would be lost.
   */
  putBack(): void;
}

interface PendingObject {
  readonly objectId: bigint;
  readonly object: Uint8Array;
  readonly stream: OutboundStream;
  offset: number;
  fragmentId: bigint;
}

/**
 * Queue of objects to one target. Objects are split into fragments only when the available room is known. The priority
 * stream goes first; one chunk holds fragments of one stream only.
 */
export class Outbox {
  readonly #nextObjectId: () => bigint;
  readonly #maxObjectSize: number;
  #size = 0;
  #taken = 0;
  readonly #queues: Record<OutboundStream, PendingObject[]> = { stdin: [], pr: [] };

  /**
   * @param nextObjectId returns ids that increase over all targets of a pool (MS-PSRP 2.2.4).
   * @param maxObjectSize size of the largest object that the peer accepts, in bytes.
   */
  constructor(nextObjectId: () => bigint, maxObjectSize = Infinity) {
    this.#nextObjectId = nextObjectId;
    this.#maxObjectSize = maxObjectSize;
  }

  /** Bytes of queued content, without fragment headers. */
  get size(): number {
    return this.#size;
  }

  /**
   * Queues a message.
   *
   * @throws {PsrpError} `object-too-large`. Nothing is queued then.
   */
  push(object: Uint8Array, stream: OutboundStream = 'stdin'): void {
    if (object.length > this.#maxObjectSize) {
      const message = `An object of ${object.length} bytes exceeds the peer's limit of ${this.#maxObjectSize}`;
      throw new PsrpError('object-too-large', message);
    }
    this.#size += object.length;
    this.#queues[stream].push({ objectId: this.#nextObjectId(), object, stream, offset: 0, fragmentId: 0n });
  }

  /**
   * Removes up to `maxBytes` of fragments from the queue. Returns undefined if the queue is empty.
   *
   * @throws {RangeError} if `maxBytes` cannot hold a header and one byte of content.
   */
  take(maxBytes: number): OutboundData | undefined {
    if (maxBytes <= fragmentHeaderSize) throw new RangeError(`${maxBytes} bytes cannot hold a fragment`);
    const stream = this.#queues.pr.length > 0 ? 'pr' : 'stdin';
    const queue = this.#queues[stream];
    const fragments: Uint8Array[] = [];
    const before: { readonly object: PendingObject; readonly offset: number; readonly fragmentId: bigint }[] =
      [];
    let room = maxBytes;
    for (let head = queue[0]; head !== undefined && room > fragmentHeaderSize; head = queue[0]) {
      before.push({ object: head, offset: head.offset, fragmentId: head.fragmentId });
      const fragment = cut(head, room - fragmentHeaderSize);
      room -= fragment.length;
      this.#size -= fragment.length - fragmentHeaderSize;
      fragments.push(fragment);
      if (head.offset === head.object.length) queue.shift();
    }
    if (fragments.length === 0) return undefined;
    const taken = (this.#taken += 1);
    const putBack = (): void => {
      if (taken !== this.#taken) throw new RangeError('Fragments cannot be put back out of order');
      this.#taken += 1;
      for (const { object, offset, fragmentId } of before.reverse()) {
        this.#size += object.offset - offset;
        if (queue[0] !== object) queue.unshift(object);
        Object.assign(object, { offset, fragmentId });
      }
    };
    return { stream, data: Buffer.concat(fragments), putBack };
  }
}

function cut(pending: PendingObject, maxBlob: number): Uint8Array {
  const blob = pending.object.subarray(pending.offset, pending.offset + maxBlob);
  const start = pending.offset === 0;
  pending.offset += blob.length;
  const end = pending.offset === pending.object.length;
  return encodeFragment({ objectId: pending.objectId, fragmentId: pending.fragmentId++, start, end, blob });
}
