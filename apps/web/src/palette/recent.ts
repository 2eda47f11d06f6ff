/** An object or page that was opened from the palette. */
export interface Recent {
  readonly kind: 'vm' | 'host' | 'cluster' | 'job' | 'page';
  readonly id: string;
  readonly title: string;
}

const key = 'aether-v.palette';
const most = 6;

/** Parses the stored list; omits unusable entries. */
export function parseRecent(text: string | null): readonly Recent[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch {
    return [];
  }
}

const kinds: readonly unknown[] = ['vm', 'host', 'cluster', 'job', 'page'];

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, title } = value as Partial<Recent>;
  return kinds.includes(kind) && typeof id === 'string' && typeof title === 'string';
}

/** Returns the objects and pages that were opened last, newest first. */
export function readRecent(): readonly Recent[] {
  return parseRecent(localStorage.getItem(key));
}

/** Returns the list with this entry first. */
export function withRecent(list: readonly Recent[], entry: Recent): readonly Recent[] {
  const others = list.filter(({ kind, id }) => kind !== entry.kind || id !== entry.id);
  return [entry, ...others].slice(0, most);
}

/** Remembers an object or page that was opened. */
export function remember({ kind, id, title }: Recent): void {
  localStorage.setItem(key, JSON.stringify(withRecent(readRecent(), { kind, id, title })));
}
