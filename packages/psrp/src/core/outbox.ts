import { encodeFragment, fragmentHeaderSize } from './fragment.ts';

/** The streams that bytes leave by: `pr`, the priority stream, carries answers to host calls. */
export type OutboundStream = 'stdin' | 'pr';

/** Whole fragments, ready for a transport. */
export interface OutboundData {
  readonly stream: OutboundStream;
  readonly data: Uint8Array;
}

interface PendingObject {
  readonly objectId: bigint;
  readonly object: Uint8Array;
  readonly stream: OutboundStream;
  offset: number;
  fragmentId: bigint;
}

/**
 * Objects that wait to be sent to one target, cut into fragments only when their room is known. The priority stream
 * goes first, but never between two fragments of one object in one chunk.
 */
export class Outbox {
  readonly #nextObjectId: () => bigint;
  #size = 0;
  readonly #queues: Record<OutboundStream, PendingObject[]> = { stdin: [], pr: [] };

  /** @param nextObjectId gives ids that rise over all targets of a pool (MS-PSRP 2.2.4). */
  constructor(nextObjectId: () => bigint) {
    this.#nextObjectId = nextObjectId;
  }

  /** Bytes of content that wait, without the headers of their fragments. */
  get size(): number {
    return this.#size;
  }

  /** Queues a message. */
  push(object: Uint8Array, stream: OutboundStream = 'stdin'): void {
    this.#size += object.length;
    this.#queues[stream].push({ objectId: this.#nextObjectId(), object, stream, offset: 0, fragmentId: 0n });
  }

  /**
   * Takes up to `maxBytes` of fragments off the queue; undefined when nothing waits.
   *
   * @throws {RangeError} if not even one byte of content fits besides a header.
   */
  take(maxBytes: number): OutboundData | undefined {
    if (maxBytes <= fragmentHeaderSize) throw new RangeError(`${maxBytes} bytes cannot hold a fragment`);
    const stream = this.#queues.pr.length > 0 ? 'pr' : 'stdin';
    const queue = this.#queues[stream];
    const fragments: Uint8Array[] = [];
    let room = maxBytes;
    for (let head = queue[0]; head !== undefined && room > fragmentHeaderSize; head = queue[0]) {
      const fragment = cut(head, room - fragmentHeaderSize);
      room -= fragment.length;
      this.#size -= fragment.length - fragmentHeaderSize;
      fragments.push(fragment);
      if (head.offset === head.object.length) queue.shift();
    }
    return fragments.length === 0 ? undefined : { stream, data: Buffer.concat(fragments) };
  }
}

function cut(pending: PendingObject, maxBlob: number): Uint8Array {
  const blob = pending.object.subarray(pending.offset, pending.offset + maxBlob);
  const start = pending.offset === 0;
  pending.offset += blob.length;
  const end = pending.offset === pending.object.length;
  return encodeFragment({ objectId: pending.objectId, fragmentId: pending.fragmentId++, start, end, blob });
}
