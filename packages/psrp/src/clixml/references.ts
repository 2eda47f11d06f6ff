/**
 * Referents by id, for ids of one kind. PowerShell numbers from 0 without gaps, which fits an array; a map holds the
 * ids of other writers, which may be any text.
 */
export class References<Referent> {
  readonly #numbered: Referent[] = [];
  readonly #others = new Map<string, Referent>();

  /** Sets a referent. A repeated id refers to the later one, as in PowerShell. */
  set(id: string, referent: Referent): void {
    const number = toNumber(id);
    if (number >= 0 && number <= this.#numbered.length) this.#numbered[number] = referent;
    else this.#others.set(id, referent);
  }

  /** Returns the referent of an id; undefined if there is none. */
  get(id: string): Referent | undefined {
    // An id that came out of order is in the map.
    return this.#numbered[toNumber(id)] ?? this.#others.get(id);
  }
}

/** Returns the number of an id in canonical form, or -1: `01` and `1` are different ids. */
function toNumber(id: string): number {
  const { length } = id;
  if (length === 0 || length > 9 || (length > 1 && id.startsWith('0'))) return -1;
  let number = 0;
  for (let index = 0; index < length; index++) {
    const digit = id.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
