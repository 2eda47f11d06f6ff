/** Something with a number in a sequence. */
export interface Numbered {
  readonly seq: number;
}

/** Where a change stands in the log; what is superseded leaves an empty slot. */
export interface Slot<T extends Numbered> {
  readonly seq: number;
  item: T | undefined;
}

/** How many empty slots the log keeps before it is compacted, beyond as many as there are items. */
const minSlack = 1024;

/**
 * The latest change of each row in the order of their numbers. What changed since a number is found by binary search, so
 * that a resume costs what changed since then, not what there is. Superseded changes leave empty slots, at most one for
 * each item and `minSlack` more: dropping costs a constant number of steps on average.
 */
export class ChangeLog<T extends Numbered> {
  #slots: Slot<T>[] = [];
  #live = 0;
  #steps = 0;

  /** How many changes the log holds. */
  get size(): number {
    return this.#live;
  }

  /** How many slots the log holds, the empty ones included. */
  get slots(): number {
    return this.#slots.length;
  }

  /** How many slots were looked at by all reads so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Appends a change, whose number is higher than every one before. */
  append(item: T): Slot<T> {
    const slot: Slot<T> = { seq: item.seq, item };
    this.#slots.push(slot);
    this.#live += 1;
    return slot;
  }

  /** Removes a change, once: a later one of the same row supersedes it, or the row is forgotten. */
  drop(slot: Slot<T>): void {
    if (slot.item === undefined) return;
    slot.item = undefined;
    this.#live -= 1;
    if (this.#slots.length > 2 * this.#live + minSlack) {
      this.#slots = this.#slots.filter(({ item }) => item !== undefined);
    }
  }

  /** The changes with a number above `seq`, the oldest first, at most `limit`; `more` if there are others. */
  after(seq: number, limit: number): { readonly items: T[]; readonly more: boolean } {
    const items: T[] = [];
    for (let at = this.#firstAfter(seq); at < this.#slots.length; at += 1) {
      this.#steps += 1;
      const item = this.#slots[at]?.item;
      if (item === undefined) continue;
      if (items.length >= limit) return { items, more: true };
      items.push(item);
    }
    return { items, more: false };
  }

  #firstAfter(seq: number): number {
    let [low, high] = [0, this.#slots.length];
    while (low < high) {
      this.#steps += 1;
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
