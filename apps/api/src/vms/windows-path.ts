/** A Windows path, split into parts as Windows does. */
export interface WindowsPath {
  /** The canonical spelling: one kind of separator, no prefix, no empty, `.` and `..` parts. */
  readonly text: string;
  /**
   * True if a name in it (8.3), or the whole path (a device path), stands for another that cannot be determined here.
   */
  readonly unclear: boolean;
}

const shortName = /~[0-9]+(\.|$)/;

/** Parses a path; the agent compares paths in the same way (`Get-PathKey`). */
export function readPath(path: string): WindowsPath {
  const slashed = path.replaceAll('/', '\\');
  const plain = slashed.replace(/^\\\\\?\\UNC\\/i, '\\\\').replace(/^\\\\\?\\(?=[a-z]:\\)/i, '');
  const isDevice = /^\\\\[?.]\\/.test(plain);
  const parts: string[] = [];
  for (const part of plain.split('\\')) {
    // Windows strips blanks and dots at the end of a name.
    const name = part === '..' ? part : part.replace(/[ .]+$/, '');
    if (name !== '..' && name !== '') parts.push(name);
    else if (name === '..' && parts.length > 1) parts.pop();
  }
  const text = (plain.startsWith('\\\\') ? '\\\\' : '') + parts.join('\\');
  return { text, unclear: isDevice || parts.some((part) => shortName.test(part)) };
}

/** Returns the comparison key of a path; Windows paths are case-insensitive. */
export function keyOf(path: string): string {
  return readPath(path).text.toUpperCase();
}

/** Returns whether a path lies below a folder. */
export function isInside(path: string, folder: string): boolean {
  return keyOf(path).startsWith(`${keyOf(folder)}\\`);
}

/**
 * Returns whether a path lies, or may lie, below a folder: it is a device path, or a short name in it may stand for a
 * part of the folder.
 */
export function mayBeInside(path: string, folder: string): boolean {
  const { text, unclear } = readPath(path);
  if (!unclear) return isInside(text, folder);
  if (/^\\\\[?.]\\/.test(text)) return true;
  const parts = keyOf(text).split('\\');
  return keyOf(folder)
    .split('\\')
    .every((part, at) => parts[at] === part || mayStandFor(parts[at] ?? '', part));
}

/** Windows derives a short name from at least two letters at the beginning of a name. */
function mayStandFor(short: string, name: string): boolean {
  return shortName.test(short) && short.slice(0, 2) === name.slice(0, 2);
}

/**
 * Converts a path through the node's own shares of its drives (`\\n1\C$`) or of the shared volumes to the node's local
 * path.
 */
export function asLocal(path: string, sharedFolder: string): string {
  const { text } = readPath(path);
  const drive = /^\\\\[^\\]+\\([a-z])\$\\(.*)$/i.exec(text);
  if (drive) return `${drive[1] ?? ''}:\\${drive[2] ?? ''}`;
  const shared = /^\\\\[^\\]+\\ClusterStorage\$\\(.*)$/i.exec(text);
  return shared ? `${sharedFolder}\\${shared[1] ?? ''}` : text;
}
