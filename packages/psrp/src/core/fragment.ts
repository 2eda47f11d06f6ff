import { PsrpError } from './errors.ts';

/** Size of a fragment header in bytes (MS-PSRP 2.2.4): object id, fragment id, flags, length, all big-endian. */
export const fragmentHeaderSize = 21;

const startFlag = 1;
const endFlag = 2;

/** Fragment of an object (MS-PSRP 2.2.4). */
export interface Fragment {
  readonly objectId: bigint;
  /** Counts from 0 within the object. */
  readonly fragmentId: bigint;
  readonly start: boolean;
  readonly end: boolean;
  readonly blob: Uint8Array;
}

/** Encodes a fragment in its wire format (MS-PSRP 2.2.4). */
export function encodeFragment(fragment: Fragment): Uint8Array {
  const bytes = new Uint8Array(fragmentHeaderSize + fragment.blob.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, fragment.objectId);
  view.setBigUint64(8, fragment.fragmentId);
  view.setUint8(16, (fragment.start ? startFlag : 0) | (fragment.end ? endFlag : 0));
  view.setUint32(17, fragment.blob.length);
  bytes.set(fragment.blob, fragmentHeaderSize);
  return bytes;
}

/** Approximate memory of a chunk in addition to its content, in bytes; dominates for chunks of one byte. */
export const chunkOverhead = 200;

/** Reads fragments from a byte stream that may be split anywhere. */
export class FragmentReader {
  readonly #maxLength: number;
  #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  /** Bytes needed before the next attempt can succeed: keeps the cost of many small chunks linear. */
  #needed = fragmentHeaderSize;

  /** @param maxLength maximum content of one fragment, in bytes. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Memory of the incomplete fragment, in bytes. */
  get held(): number {
    return this.#waitingSize + this.#waiting.length * chunkOverhead;
  }

  /**
   * Takes bytes and yields the fragments that they complete, each before it reads further. Their content may be a view
   * of the caller's memory.
   *
   * @throws {PsrpError} `fragment-malformed` or `object-too-large`: the stream cannot be read further.
   */
  *read(data: Uint8Array): Generator<Fragment, void> {
    this.#waitingSize += data.length;
    if (data.length === 0) return;
    if (this.#waitingSize < this.#needed) {
      this.#waiting.push(copyOf(data));
      return;
    }
    const bytes = this.#waiting.length === 0 ? data : Buffer.concat([...this.#waiting, data]);
    this.#waiting = [];
    let offset = 0;
    for (
      let next = this.#fragmentAt(bytes, offset);
      next !== undefined;
      next = this.#fragmentAt(bytes, offset)
    ) {
      yield next;
      offset += this.#needed;
    }
    const rest = bytes.subarray(offset);
    if (rest.length > 0) this.#waiting.push(copyOf(rest));
    this.#waitingSize = rest.length;
  }

  /** Returns the fragment at this offset; undefined if it is incomplete. */
  #fragmentAt(bytes: Uint8Array, offset: number): Fragment | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
    this.#needed = fragmentHeaderSize;
    if (view.byteLength < fragmentHeaderSize) return undefined;
    const length = view.getUint32(17);
    if (length > this.#maxLength) throw objectTooLarge(this.#maxLength);
    if (length === 0) throw new PsrpError('fragment-malformed', 'A fragment has no content');
    this.#needed = fragmentHeaderSize + length;
    if (view.byteLength < this.#needed) return undefined;
    const flags = view.getUint8(16);
    return {
      objectId: view.getBigUint64(0),
      fragmentId: view.getBigUint64(8),
      start: (flags & startFlag) !== 0,
      end: (flags & endFlag) !== 0,
      blob: bytes.subarray(offset + fragmentHeaderSize, offset + this.#needed),
    };
  }
}

/** Copies bytes. `slice()` of a Buffer would share its memory, which the caller may reuse after the call. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Creates the error of an object that exceeds a limit. */
export function objectTooLarge(limit: number): PsrpError {
  return new PsrpError('object-too-large', `An object is larger than ${limit} bytes`);
}
