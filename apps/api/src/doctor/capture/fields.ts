import { knownClasses } from './classes.ts';

/**
 * Formats of the values that may leave a host. Each is too narrow for names of machines, people, places and networks to
 * match by accident. Values in any other format are dropped, and undeclared fields are not looked at.
 */
export type FieldKind = keyof typeof forms;

/** A value that matched its format. */
export type FieldValue = string | number | boolean | null;

const forms = {
  /** Names that Microsoft gave to properties, parameters and limits. */
  property: /^(?:__)?[A-Z][A-Za-z0-9]{0,95}$/,
  parameters: /^(?:[A-Z][A-Za-z0-9]{0,63}(?:,|$)){1,400}$/,
  command: /^[A-Z][a-z]{1,15}-[A-Z][A-Za-z]{0,63}$/,
  class: new RegExp(`^(?:${knownClasses.join('|')})$`),
  type: /^(?:Boolean|[SU]Int(?:8|16|32|64)|Real(?:32|64)|Char16|DateTime|String|Reference|Instance)(?:Array)?$/,
  event: /^(?:__Instance(?:Creation|Modification|Deletion)Event|Register-CimIndicationEvent)$/,
  /** Four parts only if one of them has four digits, as in Windows builds but never in IPv4 addresses. */
  version: /^\d{1,9}(?:\.\d{1,9}){0,2}$|^(?=.*\d{4})\d{1,9}(?:\.\d{1,9}){3}$/,
  number: /^-?\d{1,19}$/,
  /** An array of numbers. */
  numbers: /^(?:\d{1,19}(?:,\d{1,19}){0,31})?$/,
  culture: /^(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})?$/,
  /** Four hexadecimal digits, the format of Win32_OperatingSystem.Locale. */
  locale: /^[0-9A-Fa-f]{4}$/,
  mode: /^(?:Full|Constrained|Restricted|No)Language$/,
  edition: /^(?:Desktop|Core|Win32NT|Unix)$/,
  scope: /^(?:MachinePolicy|UserPolicy|Process|CurrentUser|LocalMachine)$/,
  policy: /^(?:Undefined|Unrestricted|RemoteSigned|AllSigned|Restricted|Bypass|Default)$/,
  limit: /^(?:\d{1,19}|true|false)$/i,
  /** PowerShell's error ids. */
  errorId: /^[A-Za-z][A-Za-z_.]{1,95}$/,
} as const satisfies Record<string, RegExp>;

/** Returns the value of a field, or undefined if it does not match its format. */
export function fieldValue(kind: FieldKind, value: unknown): FieldValue | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return forms[kind].test(String(value)) ? value : undefined;
  }
  return typeof value === 'string' && forms[kind].test(value) ? value : undefined;
}

/** The fields of a row, by name. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** A row reduced to its declared fields. */
export type Row = Readonly<Record<string, FieldValue>>;

/** Reduces rows to their permitted fields, and counts the values that were dropped. */
export function keepFields(
  rows: readonly unknown[],
  fields: Fields,
): { readonly rows: Row[]; readonly leftOut: number } {
  let leftOut = 0;
  const kept = rows.flatMap((row): Row[] => {
    if (typeof row !== 'object' || row === null) {
      leftOut += 1;
      return [];
    }
    const given = new Map<string, unknown>(Object.entries(row));
    const entries = Object.entries(fields).map(([name, kind]) => {
      const value = fieldValue(kind, given.get(name));
      if (value === undefined) leftOut += 1;
      return [name, value ?? null] as const;
    });
    return [Object.fromEntries(entries)];
  });
  return { rows: kept, leftOut };
}
