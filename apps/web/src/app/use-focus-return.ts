import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** The time in milliseconds in which the page before is gone, and a list shows its rows again. */
const withinMs = 3_000;
const everyMs = 50;
const contentId = 'content';
const mainSelector = `#${contentId}`;

/** Returns a selector that finds the element again after its page was left and opened again; null if there is none. */
function selectorOf(element: Element | null): string | null {
  const main = document.querySelector(mainSelector);
  if (!element || !main?.contains(element)) return null;
  const row = element.closest('[data-key]')?.getAttribute('data-key');
  if (row) return `${mainSelector} [data-key="${CSS.escape(row)}"]`;
  for (const name of ['href', 'aria-label']) {
    const value = element.getAttribute(name);
    if (value) return `${mainSelector} [${name}="${CSS.escape(value)}"]`;
  }
  return null;
}

/** Returns whether a control has the focus; the page as a whole may have it for want of one. */
function hasFocus(): boolean {
  const { activeElement } = document;
  return activeElement !== null && activeElement !== document.body && activeElement.id !== contentId;
}

/** The key of the present entry in the browser's history, as the router keeps it. */
function entryKey(): string {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null ? String(Reflect.get(state, '__TSR_key')) : '';
}

/** The element that had the focus last, by entry of the browser's history. */
const left = new Map<string, string>();

function remember({ target }: FocusEvent): void {
  const selector = target instanceof Element ? selectorOf(target) : null;
  if (selector !== null) left.set(entryKey(), selector);
}

/** Looks for the element until it is there and nothing else has the focus; @returns a function that ends the search. */
function focusWhenThere(selector: string): () => void {
  const until = performance.now() + withinMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const found = document.querySelector<HTMLElement>(selector);
    // The page before may still be there, with its focus.
    const isOver = performance.now() >= until;
    if (!hasFocus() && found) found.focus({ preventScroll: true });
    else if (!isOver) timer = setTimeout(look, everyMs);
    else if (!hasFocus()) document.querySelector<HTMLElement>(mainSelector)?.focus({ preventScroll: true });
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * Keeps the focus in the page: an element that had it when its page was left gets it again after Back, and a page that
 * was opened from another one gets it itself.
 */
export function useFocusReturn(): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    document.addEventListener('focusin', remember);
    return () => document.removeEventListener('focusin', remember);
  }, []);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    return focusWhenThere(left.get(entryKey()) ?? mainSelector);
  }, [pathname]);
}
