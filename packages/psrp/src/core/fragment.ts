import { PsrpError } from './errors.ts';

/** Bytes of a fragment's header (MS-PSRP 2.2.4): object id, fragment id, flags, length, all big-endian. */
export const fragmentHeaderSize = 21;

const startFlag = 1;
const endFlag = 2;

/** One fragment of an object. */
export interface Fragment {
  readonly objectId: bigint;
  /** Counts from 0 within the object. */
  readonly fragmentId: bigint;
  readonly start: boolean;
  readonly end: boolean;
  readonly blob: Uint8Array;
}

/** A fragment as it travels (MS-PSRP 2.2.4). */
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

/** Memory that a chunk takes in addition to its bytes, about: with chunks of one byte it is nearly all. */
export const chunkOverhead = 200;

/** Finds whole fragments in a stream of bytes that may be cut anywhere. */
export class FragmentReader {
  readonly #maxLength: number;
  #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  /** Bytes that must be there before another attempt can succeed: keeps many small chunks linear. */
  #needed = fragmentHeaderSize;

  /** @param maxLength bytes of the longest content of one fragment. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Memory that a fragment takes which has begun and not ended, in bytes. */
  get held(): number {
    return this.#waitingSize + this.#waiting.length * chunkOverhead;
  }

  /**
   * Takes bytes and gives the fragments that are complete with them, each before the next is looked at. Their content may be a
   * view of the caller's memory.
   *
   * @throws {PsrpError} `fragment-malformed` or `object-too-large`: the stream cannot be read any further.
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

  /** The fragment that begins there, or undefined if it is not complete. */
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

/** Not `slice()`: a Buffer's shares its memory, which the caller may reuse once a call has returned. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** The error of an object beyond a limit. */
export function objectTooLarge(limit: number): PsrpError {
  return new PsrpError('object-too-large', `An object is larger than ${limit} bytes`);
}
