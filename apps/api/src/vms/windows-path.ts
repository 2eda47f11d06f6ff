/** A Windows path, part by part, as Windows itself reads it. */
export interface WindowsPath {
  /** One spelling of all that mean the same: one kind of separator, no prefix, no empty, `.` and `..` parts. */
  readonly text: string;
  /** Whether a name in it (8.3), or all of it (a device path), stands for another that cannot be known here. */
  readonly unclear: boolean;
}

const shortName = /~[0-9]+(\.|$)/;

/** Reads a path; the agent compares alike (`Get-PathKey`). */
export function readPath(path: string): WindowsPath {
  const slashed = path.replaceAll('/', '\\');
  const plain = slashed.replace(/^\\\\\?\\UNC\\/i, '\\\\').replace(/^\\\\\?\\(?=[a-z]:\\)/i, '');
  const isDevice = /^\\\\[?.]\\/.test(plain);
  const parts: string[] = [];
  for (const part of plain.split('\\')) {
    // Windows leaves blanks and dots at the end of a name out.
    const name = part === '..' ? part : part.replace(/[ .]+$/, '');
    if (name !== '..' && name !== '') parts.push(name);
    else if (name === '..' && parts.length > 1) parts.pop();
  }
  const text = (plain.startsWith('\\\\') ? '\\\\' : '') + parts.join('\\');
  return { text, unclear: isDevice || parts.some((part) => shortName.test(part)) };
}

/** A path as it is compared: Windows tells no case apart. */
export function keyOf(path: string): string {
  return readPath(path).text.toUpperCase();
}

/** Whether a path lies below a folder. */
export function isInside(path: string, folder: string): boolean {
  return keyOf(path).startsWith(`${keyOf(folder)}\\`);
}

/** Whether a path lies below a folder, or may: it is a device path, or a short name in it may stand for a part of the folder. */
export function mayBeInside(path: string, folder: string): boolean {
  const { text, unclear } = readPath(path);
  if (!unclear) return isInside(text, folder);
  if (/^\\\\[?.]\\/.test(text)) return true;
  const parts = keyOf(text).split('\\');
  return keyOf(folder)
    .split('\\')
    .every((part, at) => parts[at] === part || mayStandFor(parts[at] ?? '', part));
}

/** Windows makes a short name of a name's beginning, of two letters at the least. */
function mayStandFor(short: string, name: string): boolean {
  return shortName.test(short) && short.slice(0, 2) === name.slice(0, 2);
}

/** A file on a node by the node's own shares of its drives (`\\n1\C$`) and of the shared volumes, as the node itself has it. */
export function asLocal(path: string, sharedFolder: string): string {
  const { text } = readPath(path);
  const drive = /^\\\\[^\\]+\\([a-z])\$\\(.*)$/i.exec(text);
  if (drive) return `${drive[1] ?? ''}:\\${drive[2] ?? ''}`;
  const shared = /^\\\\[^\\]+\\ClusterStorage\$\\(.*)$/i.exec(text);
  return shared ? `${sharedFolder}\\${shared[1] ?? ''}` : text;
}
