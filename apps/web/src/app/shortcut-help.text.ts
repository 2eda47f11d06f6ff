export const shortcutTexts = {
  title: 'Keyboard shortcuts',
  close: 'Close',
  then: 'then',
  or: 'or',
  groups: [
    {
      title: 'Everywhere',
      rows: [
        { keys: [['Ctrl', 'K']], does: 'Find an object or run an action' },
        { keys: [['/']], does: 'Search on the page' },
        { keys: [['g', 'o']], isSequence: true, does: 'Overview' },
        { keys: [['g', 'v']], isSequence: true, does: 'Virtual machines' },
        { keys: [['g', 'h']], isSequence: true, does: 'Hosts' },
        { keys: [['g', 'j']], isSequence: true, does: 'Jobs' },
        { keys: [['?']], does: 'This help' },
      ],
    },
    {
      title: 'In lists',
      rows: [
        { keys: [['↓'], ['j']], does: 'Next row' },
        { keys: [['↑'], ['k']], does: 'Previous row' },
        { keys: [['Page Down'], ['Page Up']], does: 'One screen down or up' },
        { keys: [['Home'], ['End']], does: 'First or last row' },
        { keys: [['→'], ['←']], does: 'Buttons of the row' },
        { keys: [['Enter']], does: 'Open' },
        { keys: [['Shift', 'F10']], does: 'Menu of all actions' },
        { keys: [['Space']], does: 'Select or deselect' },
        {
          keys: [['Shift', '↓']],
          does: 'Select a range',
        },
        { keys: [['Ctrl', 'A']], does: 'Select all' },
        { keys: [['Esc']], does: 'Clear the selection' },
      ],
    },
  ],
} as const satisfies ShortcutTexts;

/** A row of the help: alternatives of keys pressed together, or one after the other. */
export interface ShortcutRow {
  readonly keys: readonly (readonly string[])[];
  readonly isSequence?: boolean;
  readonly does: string;
}

interface ShortcutTexts {
  readonly title: string;
  readonly close: string;
  readonly then: string;
  readonly or: string;
  readonly groups: readonly { readonly title: string; readonly rows: readonly ShortcutRow[] }[];
}
