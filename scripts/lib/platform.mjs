// Differences between systems, as functions of the system's name, so that tests can ask about Windows elsewhere.
import { posix, win32 } from 'node:path';

const pathOf = (platform) => (platform === 'win32' ? win32 : posix);

/** Returns the path of the project's Node. On Windows `bin/node` is an empty placeholder next to `bin/node.exe`. */
export function nodePath(root, platform = process.platform) {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  return pathOf(platform).join(root, 'node_modules', 'node', 'bin', name);
}

/** Returns the value of PATH with the tools of the project first and those of .NET last. */
export function toolPath(root, path, dotnetTools, platform = process.platform) {
  const { delimiter, join } = pathOf(platform);
  return [join(root, 'node_modules', '.bin'), path ?? '', dotnetTools].join(delimiter);
}

/**
 * Asks a process to end. Windows has no SIGTERM, and `kill` ends a process there without a chance to close its audit log.
 * A Ctrl+C reaches all processes of a console, so the process has it already and ends by itself.
 */
export function askToEnd(child, signal, { interrupted, platform = process.platform }) {
  if (platform !== 'win32' || !interrupted) child.kill(signal);
}
