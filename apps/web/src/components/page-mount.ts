/**
 * Returns the element for menus of the page, so that they belong to its main landmark. Null outside the shell,
 * which stands for the end of the document.
 */
export function pageMount(): HTMLElement | null {
  return document.getElementById('content');
}

/** Gives the focus to an element; to the page if the element is gone. */
export function returnFocus(element: Element | null): void {
  if (element instanceof HTMLElement && element.isConnected) element.focus();
  else pageMount()?.focus();
}
