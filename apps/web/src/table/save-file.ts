/** The time in milliseconds after which the browser has read the content. */
const readWithinMs = 60_000;

/** Saves a text as a file in the browser's folder for downloads. */
export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), readWithinMs);
}
