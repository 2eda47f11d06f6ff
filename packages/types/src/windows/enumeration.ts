/** One enumeration of Windows: the name that the contract has for each number, and where the numbers are written. */
export interface WindowsEnumeration<Name extends string> {
  /** The property, and the page or source that lists its values. */
  readonly source: string;
  readonly values: Readonly<Record<number, Name>>;
}

/** Returns the names of an enumeration, each once, in the order of their numbers. */
export function namesOf<Name extends string>({ values }: WindowsEnumeration<Name>): readonly Name[] {
  return [...new Set(Object.values(values))];
}
