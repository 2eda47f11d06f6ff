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

/** How much an assembler holds while objects are incomplete. */
export interface FragmentLimits {
  /** Bytes of one object, and of all incomplete ones together. 10 MiB by default, as PowerShell endpoints have it. */
  readonly maxObjectSize: number;
  /** Objects that may be incomplete at once in one stream. */
  readonly maxIncompleteObjects: number;
}

/** The limits that hold where none are given. */
export const defaultFragmentLimits: FragmentLimits = {
  maxObjectSize: 10 * 1024 * 1024,
  maxIncompleteObjects: 16,
};

interface IncompleteObject {
  readonly blobs: Uint8Array[];
  size: number;
}

/** Objects that ended a while ago are forgotten; ids of one stream rise, so a repetition is of a recent one. */
const rememberedObjects = 64;

/**
 * Puts the objects of one stream together again, however its bytes were cut (MS-PSRP 3.1.5.1.1). Objects may interleave.
 * After an error the stream is of no use any more: what was lost cannot be told.
 */
export class FragmentAssembler {
  readonly #limits: FragmentLimits;
  readonly #incomplete = new Map<bigint, IncompleteObject>();
  readonly #completed = new Set<bigint>();
  #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  /** Bytes that must be there before another attempt can succeed: keeps many small chunks linear. */
  #needed = fragmentHeaderSize;
  #held = 0;

  constructor(limits: Partial<FragmentLimits> = {}) {
    this.#limits = { ...defaultFragmentLimits, ...limits };
  }

  /** Whether a fragment or an object has begun and not ended. */
  get incomplete(): boolean {
    return this.#waitingSize > 0 || this.#incomplete.size > 0;
  }

  /**
   * Takes bytes and returns the objects that are complete with them.
   *
   * @throws {PsrpError} `fragment-malformed`, `fragment-gap`, `fragment-duplicate` or `object-too-large`.
   */
  push(data: Uint8Array): Uint8Array[] {
    if (data.length === 0) return [];
    this.#waitingSize += data.length;
    if (this.#waitingSize < this.#needed) {
      this.#waiting.push(copyOf(data));
      return [];
    }
    const bytes = this.#waiting.length === 0 ? data : Buffer.concat([...this.#waiting, data]);
    const objects: Uint8Array[] = [];
    const rest = bytes.subarray(this.#readFragments(bytes, objects));
    this.#waiting = rest.length > 0 ? [copyOf(rest)] : [];
    this.#waitingSize = rest.length;
    return objects;
  }

  /** Reads whole fragments from the front; returns where the first incomplete one begins. */
  #readFragments(bytes: Uint8Array, objects: Uint8Array[]): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (;;) {
      this.#needed = fragmentHeaderSize;
      if (bytes.length - offset < fragmentHeaderSize) return offset;
      const length = view.getUint32(offset + 17);
      if (length > this.#limits.maxObjectSize) throw tooLarge(this.#limits.maxObjectSize);
      if (length === 0) throw new PsrpError('fragment-malformed', 'A fragment without content');
      const flags = view.getUint8(offset + 16);
      this.#needed = fragmentHeaderSize + length;
      if (bytes.length - offset < this.#needed) return offset;
      const blob = bytes.subarray(offset + fragmentHeaderSize, offset + this.#needed);
      const object = this.#accept({
        objectId: view.getBigUint64(offset),
        fragmentId: view.getBigUint64(offset + 8),
        start: (flags & startFlag) !== 0,
        end: (flags & endFlag) !== 0,
        blob,
      });
      if (object !== undefined) objects.push(object);
      offset += this.#needed;
    }
  }

  #accept(fragment: Fragment): Uint8Array | undefined {
    const { objectId, fragmentId, blob } = fragment;
    if (this.#completed.has(objectId)) throw duplicate(fragment);
    if (fragment.start !== (fragmentId === 0n)) {
      throw new PsrpError('fragment-malformed', `Fragment ${fragmentId} has a wrong start flag`);
    }
    const object = this.#incomplete.get(objectId) ?? { blobs: [], size: 0 };
    const expected = BigInt(object.blobs.length);
    if (fragmentId < expected) {
      if (!equal(object.blobs[Number(fragmentId)], blob)) throw duplicate(fragment);
      return undefined;
    }
    if (fragmentId > expected) {
      throw new PsrpError(
        'fragment-gap',
        `Object ${objectId}: fragment ${fragmentId} came where ${expected} was due`,
      );
    }
    this.#held += blob.length;
    if (this.#held > this.#limits.maxObjectSize) throw tooLarge(this.#limits.maxObjectSize);
    object.blobs.push(copyOf(blob));
    object.size += blob.length;
    if (!fragment.end) {
      this.#incomplete.set(objectId, object);
      if (this.#incomplete.size > this.#limits.maxIncompleteObjects) {
        throw new PsrpError('object-too-large', 'Too many objects are incomplete at once');
      }
      return undefined;
    }
    this.#incomplete.delete(objectId);
    this.#held -= object.size;
    this.#remember(objectId);
    return object.blobs.length === 1 ? object.blobs[0] : Buffer.concat(object.blobs, object.size);
  }

  #remember(objectId: bigint): void {
    this.#completed.add(objectId);
    if (this.#completed.size <= rememberedObjects) return;
    const [oldest] = this.#completed;
    if (oldest !== undefined) this.#completed.delete(oldest);
  }
}

/** Not `slice()`: a Buffer's shares its memory, which the caller may reuse once a call has returned. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function equal(known: Uint8Array | undefined, blob: Uint8Array): boolean {
  return known !== undefined && Buffer.compare(known, blob) === 0;
}

function duplicate({ objectId, fragmentId }: Fragment): PsrpError {
  return new PsrpError('fragment-duplicate', `Object ${objectId}: fragment ${fragmentId} came again`);
}

function tooLarge(limit: number): PsrpError {
  return new PsrpError('object-too-large', `An object is larger than ${limit} bytes`);
}
