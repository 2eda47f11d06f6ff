import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Renames a full file to `path.1`, `path.1` to `path.2` and so on; the file `path.N` is replaced. @throws Error of the system. */
export async function rotateFiles(path: string, keep: number): Promise<void> {
  for (let number = keep - 1; number >= 1; number -= 1) {
    await renameIfPresent(`${path}.${number}`, `${path}.${number + 1}`);
  }
  await rename(path, `${path}.1`);
  await syncFolder(path);
}

/** Makes names of new files durable. Windows does this itself and cannot flush folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function renameIfPresent(from: string, to: string): Promise<void> {
  const isPresent = (await stat(from).catch(() => undefined)) !== undefined;
  if (isPresent) await rename(from, to);
}
