/**
 * What the ids of one kind refer to. PowerShell numbers from 0 without gaps, which an array holds cheaply; a map takes
 * the ids of anyone else, which may be any text.
 */
export class References<Referent> {
  readonly #numbered: Referent[] = [];
  readonly #others = new Map<string, Referent>();

  /** An id that is given again refers to the later one, as in PowerShell. */
  set(id: string, referent: Referent): void {
    const number = toNumber(id);
    if (number >= 0 && number <= this.#numbered.length) this.#numbered[number] = referent;
    else this.#others.set(id, referent);
  }

  /** Undefined if nothing has the id. */
  get(id: string): Referent | undefined {
    // An id may have come too early for the array and be in the map.
    return this.#numbered[toNumber(id)] ?? this.#others.get(id);
  }
}

/** The number that is written so, or -1: `01` and `1` are two ids. */
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
