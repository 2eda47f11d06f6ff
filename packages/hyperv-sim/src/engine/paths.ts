/** Paths are compared as Windows does: ignoring case. */
export function pathKey(path: string): string {
  return path.toLowerCase();
}

/** Whether both are the same path. */
export function samePath(one: string, other: string): boolean {
  return pathKey(one) === pathKey(other);
}

/** The folder that holds it; empty for the root of a drive. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('\\')));
}

/** The last part of a path. */
export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Whether a path lies below a folder, compared part by part: `C:\VMs2` is not inside `C:\VMs`. */
export function isInside(path: string, folder: string): boolean {
  return pathKey(path).startsWith(`${pathKey(folder).replace(/\\$/, '')}\\`);
}
