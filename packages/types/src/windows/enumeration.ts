/** One Windows enumeration: the contract's name for each number, and the source of the numbers. */
export interface WindowsEnumeration<Name extends string> {
  /** The property, and the page or source that lists its values. */
  readonly source: string;
  readonly values: Readonly<Record<number, Name>>;
}

/** Returns the names of an enumeration without duplicates, ordered by number. */
export function namesOf<Name extends string>({ values }: WindowsEnumeration<Name>): readonly Name[] {
  return [...new Set(Object.values(values))];
}
