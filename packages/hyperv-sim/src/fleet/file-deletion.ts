import { folderOf, pathKey } from '../engine/index.ts';
import type { Left } from './file-fate.ts';
import { errorInfoOf } from './operation-failure.ts';
import { namedFolders, storageRootOf } from './resources.ts';
import type { Saga } from './saga.ts';

/** Deletes a file and verifies that it is gone. Returns the reason if it is not. */
export function eraseFile(saga: Saga, path: string): Left | null {
  const { files } = saga.steps;
  try {
    saga.step(`Delete ${path}.`, () => files.removeFile(path));
  } catch (error) {
    saga.log(`${path} could not be deleted: ${errorInfoOf(error).message}`, 'warning');
    return { path, reason: 'failed', message: errorInfoOf(error).message.slice(0, 1_000) };
  }
  return files.find(path) ? { path, reason: 'failed', message: 'The file still exists.' } : null;
}

/**
 * Removes a folder and its parents as far as they are empty, but never a folder that the configuration names. Returns
 * the removed folders.
 */
export function pruneFolders(saga: Saga, folder: string): string[] {
  const { files } = saga.steps;
  const named = new Set(namedFolders(saga.engine, saga.hostId).map(pathKey));
  const pruned: string[] = [];
  for (
    let path = folder;
    !named.has(pathKey(path)) && storageRootOf(saga.steps, path) !== null;
    path = folderOf(path)
  ) {
    if (!files.hasFolder(path)) continue;
    if (!files.isEmpty(path)) break;
    try {
      saga.step(`Remove the empty folder ${path}.`, () => files.removeFolder(path));
    } catch (error) {
      saga.log(`${path} could not be removed: ${errorInfoOf(error).message}`, 'warning');
      break;
    }
    pruned.push(path);
  }
  return pruned;
}

/** Returns the folders that `pruneFolders` would remove if these files and folders were gone. */
export function foldersToGo(saga: Saga, folders: readonly string[], gone: readonly string[]): string[] {
  const { files } = saga.steps;
  const named = new Set(namedFolders(saga.engine, saga.hostId).map(pathKey));
  const keys = new Set(gone.map(pathKey));
  const pruned: string[] = [];
  for (const folder of folders) {
    for (
      let path = folder;
      !named.has(pathKey(path)) && storageRootOf(saga.steps, path) !== null;
      path = folderOf(path)
    ) {
      if (!files.hasFolder(path) || keys.has(pathKey(path))) continue;
      if (files.below(path).some((one) => !keys.has(pathKey(one)))) break;
      keys.add(pathKey(path));
      pruned.push(path);
    }
  }
  return pruned;
}
