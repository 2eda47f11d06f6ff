import { PsrpError } from './errors.ts';
import { chunkOverhead, copyOf, FragmentReader, objectTooLarge, type Fragment } from './fragment.ts';
import { HeldBytes } from './held-bytes.ts';
import { clientFragmentLimits, resolveLimits, type FragmentLimits } from './limits.ts';

interface IncompleteObject {
  readonly blobs: Uint8Array[];
  size: number;
}

/** Number of remembered completed objects. Ids of one stream increase, so a repetition concerns a recent object. */
const rememberedObjects = 64;

/**
 * Reassembles the objects of one stream, however its bytes were split (MS-PSRP 3.1.5.1.1). Objects may interleave.
 * After an error the stream is unusable: the lost data cannot be determined.
 */
export class FragmentAssembler {
  readonly #limits: FragmentLimits;
  readonly #pool: HeldBytes;
  readonly #reader: FragmentReader;
  readonly #incomplete = new Map<bigint, IncompleteObject>();
  readonly #completed = new Set<bigint>();
  #size = 0;
  #blobs = 0;
  /** Bytes that are counted in the pool for this stream. */
  #counted = 0;

  /**
   * @param pool counts the bytes that all streams of one pool hold.
   * @throws {OptionError} if a limit is unusable.
   */
  constructor(limits: Partial<FragmentLimits> = {}, pool?: HeldBytes) {
    this.#limits = resolveLimits(clientFragmentLimits, limits);
    this.#pool = pool ?? new HeldBytes(this.#limits.maxHeldSize);
    this.#reader = new FragmentReader(this.#limits.maxObjectSize);
  }

  /** True if a fragment or an object is incomplete. */
  get incomplete(): boolean {
    return this.#reader.held > 0 || this.#incomplete.size > 0;
  }

  /**
   * Takes bytes and returns the objects that they complete.
   *
   * @throws {PsrpError} `fragment-malformed`, `fragment-gap`, `fragment-duplicate` or `object-too-large`.
   */
  push(data: Uint8Array): Uint8Array[] {
    return [...this.read(data)];
  }

  /**
   * As {@link push}, but yields each object before it reads further, so a later error does not discard earlier objects.
   */
  *read(data: Uint8Array): Generator<Uint8Array, void> {
    for (const fragment of this.#reader.read(data)) {
      const object = this.#accept(fragment);
      if (object !== undefined) yield object;
    }
    this.#count(this.#size + this.#blobs * chunkOverhead + this.#reader.held);
    this.#pool.check();
  }

  /** Discards incomplete objects. */
  discard(): void {
    this.#incomplete.clear();
    this.#size = 0;
    this.#blobs = 0;
    this.#count(0);
  }

  #count(size: number): void {
    this.#pool.change(size - this.#counted);
    this.#counted = size;
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
        `Object ${objectId}: fragment ${fragmentId} arrived instead of ${expected}`,
      );
    }
    this.#size += blob.length;
    if (this.#size > this.#limits.maxObjectSize) throw objectTooLarge(this.#limits.maxObjectSize);
    object.blobs.push(copyOf(blob));
    this.#blobs += 1;
    object.size += blob.length;
    if (!fragment.end) {
      this.#incomplete.set(objectId, object);
      if (this.#incomplete.size > this.#limits.maxIncompleteObjects) {
        throw new PsrpError('object-too-large', 'Too many objects are incomplete at once');
      }
      return undefined;
    }
    this.#incomplete.delete(objectId);
    this.#size -= object.size;
    this.#blobs -= object.blobs.length;
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

function equal(known: Uint8Array | undefined, blob: Uint8Array): boolean {
  return known !== undefined && Buffer.compare(known, blob) === 0;
}

function duplicate({ objectId, fragmentId }: Fragment): PsrpError {
  return new PsrpError('fragment-duplicate', `Object ${objectId}: fragment ${fragmentId} is repeated`);
}
