import { PsrpError } from './errors.ts';
import { chunkOverhead, copyOf, FragmentReader, objectTooLarge, type Fragment } from './fragment.ts';
import { HeldBytes } from './held-bytes.ts';
import { clientFragmentLimits, resolveLimits, type FragmentLimits } from './limits.ts';

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
  readonly #pool: HeldBytes;
  readonly #reader: FragmentReader;
  readonly #incomplete = new Map<bigint, IncompleteObject>();
  readonly #completed = new Set<bigint>();
  #size = 0;
  #blobs = 0;
  /** What the pool has counted for this stream. */
  #counted = 0;

  /** @param pool counts what the streams of one pool hold together. */
  constructor(limits: Partial<FragmentLimits> = {}, pool?: HeldBytes) {
    this.#limits = resolveLimits(clientFragmentLimits, limits);
    this.#pool = pool ?? new HeldBytes(this.#limits.maxHeldSize);
    this.#reader = new FragmentReader(this.#limits.maxObjectSize);
  }

  /** Whether a fragment or an object has begun and not ended. */
  get incomplete(): boolean {
    return this.#reader.held > 0 || this.#incomplete.size > 0;
  }

  /**
   * Takes bytes and returns the objects that are complete with them.
   *
   * @throws {PsrpError} `fragment-malformed`, `fragment-gap`, `fragment-duplicate` or `object-too-large`.
   */
  push(data: Uint8Array): Uint8Array[] {
    return [...this.read(data)];
  }

  /** As {@link push}, but gives each object before it looks at what follows: an error takes nothing away. */
  *read(data: Uint8Array): Generator<Uint8Array, void> {
    for (const fragment of this.#reader.read(data)) {
      const object = this.#accept(fragment);
      if (object !== undefined) yield object;
    }
    this.#count(this.#size + this.#blobs * chunkOverhead + this.#reader.held);
    this.#pool.check();
  }

  /** Gives back what it holds. */
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
        `Object ${objectId}: fragment ${fragmentId} came where ${expected} was due`,
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
  return new PsrpError('fragment-duplicate', `Object ${objectId}: fragment ${fragmentId} came again`);
}
