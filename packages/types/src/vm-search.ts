// No schema here: the console shows the terms of this parser as chips, without TypeBox.

/** The prefixes of a search for VMs, such as `host:`. */
export const vmSearchKeys = [
  'name',
  'state',
  'host',
  'cluster',
  'os',
  'ip',
  'mac',
  'vlan',
  'switch',
] as const;

/** A prefix of a search for VMs. */
export type VmSearchKey = (typeof vmSearchKeys)[number];

/** A part of a search: a word to find anywhere (`key` is null), or the value of a prefix. */
export interface VmSearchTerm {
  readonly key: VmSearchKey | null;
  readonly value: string;
}

const keys: ReadonlySet<string> = new Set(vmSearchKeys);

/** An optional prefix, then a quoted value (in which `""` is a quotation mark), or a value without spaces. */
const term = /(?:(\p{L}+):)?(?:"((?:[^"]|"")*)(?:"|$)|(\S*))/gu;

function isKey(word: string): word is VmSearchKey {
  return keys.has(word);
}

/**
 * Parses a search for VMs, such as `web host:hv01 os:"server 2025"`. Prefixes are case-insensitive. A word with an
 * unknown prefix is a plain word, and a prefix without a value is ignored.
 */
export function parseVmSearch(search: string): VmSearchTerm[] {
  return [...search.matchAll(term)].flatMap(([whole, prefix, quoted, word]): VmSearchTerm[] => {
    const key = prefix?.toLowerCase();
    if (key !== undefined && !isKey(key)) return [{ key: null, value: whole }];
    const value = (quoted?.replaceAll('""', '"') ?? word ?? '').trim();
    return value === '' ? [] : [{ key: key ?? null, value }];
  });
}

/** Returns the search that `parseVmSearch` parses into these terms. */
export function formatVmSearch(terms: readonly VmSearchTerm[]): string {
  return terms
    .map(({ key, value }) => {
      const isPlain = !/[\s"]/.test(value) && (key !== null || !hasKey(value));
      return `${key === null ? '' : `${key}:`}${isPlain ? value : `"${value.replaceAll('"', '""')}"`}`;
    })
    .join(' ');
}

/** Returns whether a plain word would be read as a prefix and a value. */
function hasKey(word: string): boolean {
  const [, prefix = ''] = /^(\p{L}+):/u.exec(word) ?? [];
  return isKey(prefix.toLowerCase());
}
