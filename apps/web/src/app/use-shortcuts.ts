import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isTyping, shortcutOf, type Shortcut } from './shortcuts.ts';

/** The time in milliseconds that the second of two keys may take. */
const secondKeyMs = 1_500;

function focusFirst(selector: string): HTMLElement | null {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found;
}

/** Makes single keys work outside of fields: `/`, `?`, `j`, `k`, and `g` with a letter. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  const help = useRef(onHelp);
  useEffect(() => {
    help.current = onHelp;
  });
  useEffect(() => {
    let gAt = -Infinity;
    const run = (shortcut: Shortcut): boolean => {
      if (shortcut.kind === 'go') void navigate({ to: shortcut.to });
      else if (shortcut.kind === 'help') help.current();
      else if (shortcut.kind === 'list')
        return focusFirst('main :is([role=grid], [role=treegrid]) [data-index][tabindex="0"]') !== null;
      else if (shortcut.kind === 'search') {
        const field = focusFirst('main :is(input[type="search"], [data-page-search])');
        if (field instanceof HTMLInputElement) field.select();
        return field !== null;
      }
      return true;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const shortcut = shortcutOf(event.key, event.timeStamp - gAt < secondKeyMs);
      gAt = shortcut?.kind === 'wait' ? event.timeStamp : -Infinity;
      if (shortcut && run(shortcut)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
}
