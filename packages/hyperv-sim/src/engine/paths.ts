/** Paths are compared as Windows does: ignoring case. */
export function pathKey(path: string): string {
  return path.toLowerCase();
}

/** Returns true if both paths are equal. */
export function samePath(one: string, other: string): boolean {
  return pathKey(one) === pathKey(other);
}

/** Returns the folder of a path; empty for the root of a drive. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('\\')));
}

/** Returns the last part of a path. */
export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Returns true if a path is below a folder, compared by path parts: `C:\VMs2` is not inside `C:\VMs`. */
export function isInside(path: string, folder: string): boolean {
  return pathKey(path).startsWith(`${pathKey(folder).replace(/\\$/, '')}\\`);
}
