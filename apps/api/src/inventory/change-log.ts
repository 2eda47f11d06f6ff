/** An item with a sequence number. */
export interface Numbered {
  readonly seq: number;
}

/** The position of a change in the log; a superseded change leaves an empty slot. */
export interface Slot<T extends Numbered> {
  readonly seq: number;
  item: T | undefined;
}

/** The minimum of empty slots before the log is compacted; the limit also grows with the number of items. */
const minSlack = 1024;

/**
 * The latest change of each row, ordered by number. Changes since a number are found by binary search, so a resume
 * costs as much as the changes since then, not as all rows. Superseded changes leave empty slots, at most one per item
 * plus `minSlack`, so dropping takes amortized constant time.
 */
export class ChangeLog<T extends Numbered> {
  #slots: Slot<T>[] = [];
  #live = 0;
  #steps = 0;

  /** The number of changes in the log. */
  get size(): number {
    return this.#live;
  }

  /** The number of slots in the log, including empty ones. */
  get slots(): number {
    return this.#slots.length;
  }

  /** The number of slots visited by all reads so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Appends a change, whose number must be higher than all before. */
  append(item: T): Slot<T> {
    const slot: Slot<T> = { seq: item.seq, item };
    this.#slots.push(slot);
    this.#live += 1;
    return slot;
  }

  /** Removes a change once, because a later one supersedes it or the row is forgotten. */
  drop(slot: Slot<T>): void {
    if (slot.item === undefined) return;
    slot.item = undefined;
    this.#live -= 1;
    if (this.#slots.length > 2 * this.#live + minSlack) {
      this.#slots = this.#slots.filter(({ item }) => item !== undefined);
    }
  }

  /** Returns the changes with a number above `seq`, oldest first, at most `limit`; `more` if there are others. */
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
