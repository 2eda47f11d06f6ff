/** A page that two keys lead to: `g` and one of these. */
const pageKeys = { o: '/', v: '/vms', h: '/hosts', j: '/jobs' } as const;

/** The effect of a key anywhere in the console. */
export type Shortcut =
  | { readonly kind: 'go'; readonly to: (typeof pageKeys)[keyof typeof pageKeys] }
  | { readonly kind: 'search' | 'help' | 'list' }
  /** The first of two keys. */
  | { readonly kind: 'wait' };

function isPageKey(key: string): key is keyof typeof pageKeys {
  return Object.hasOwn(pageKeys, key);
}

/** Returns the effect of a key; `isAfterG` if the key before was `g`. Null for keys without an effect. */
export function shortcutOf(key: string, isAfterG: boolean): Shortcut | null {
  if (isAfterG && isPageKey(key)) return { kind: 'go', to: pageKeys[key] };
  if (key === 'g') return { kind: 'wait' };
  if (key === '/') return { kind: 'search' };
  if (key === '?') return { kind: 'help' };
  return key === 'j' || key === 'k' ? { kind: 'list' } : null;
}

/** Single keys are letters to these elements. */
const takesLetters =
  'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=combobox]';

/** Returns whether keys of the element are its own, so that they are not shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(takesLetters) !== null;
}
