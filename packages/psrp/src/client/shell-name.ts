/** Maximum length of `rsp:Name`, in characters: longer names would reduce the room for fragments. */
export const maxShellNameLength = 64;

/** Shortens a name to ASCII without XML markup: the fragment budget assumes one byte per character. */
export function shortName(name: string): string {
  return name.replace(/[^\w .:@-]/g, '_').slice(0, maxShellNameLength);
}
