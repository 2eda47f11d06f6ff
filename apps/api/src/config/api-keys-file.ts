import { readFileSync, statSync } from 'node:fs';
import { maxKeyFileBytes, parseKeyFile } from '../keys/key-file.ts';
import type { StoredKey } from '../keys/stored-key.ts';
import type { Parser } from './parser.ts';

/** The path of a key file, and its keys at the start of the service. */
export interface ApiKeysFile {
  readonly path: string;
  readonly keys: readonly StoredKey[];
}

/** Reads a key file from a path. */
export const apiKeysFile: Parser<ApiKeysFile> = (path) => {
  try {
    if (statSync(path).size > maxKeyFileBytes) return { problem: `${path} is too large for a key file` };
    const parsed = parseKeyFile(readFileSync(path, 'utf8'));
    if ('problem' in parsed) return { problem: `${path} is not a key file: ${parsed.problem}` };
    return { value: { path, keys: parsed.keys } };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    return { problem: `${path} cannot be read: ${why}. To create it, run npm run key:add` };
  }
};
