/**
 * Returns the element for menus of the page, so that they belong to its main landmark. Null outside the shell,
 * which stands for the end of the document.
 */
export function pageMount(): HTMLElement | null {
  return document.getElementById('content');
}
