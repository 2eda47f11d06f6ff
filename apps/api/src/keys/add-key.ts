import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Role } from '@aether-v/types';
import { problemOfKeyName, readKeyFile, roleNames, type KeyFile } from './key-file.ts';
import { hashOfKey, signatureDemands, type SignatureDemand } from './stored-key.ts';

/** The command line of `npm run key:add`. */
export const usage = `Usage: npm run key:add -- NAME [--role reader|writer|admin] [--expires DAYS|TIME] [--signature 2|1|none] [--file FILE]

Adds an API key to the key file (API_KEYS_FILE) and prints it once. The file contains only its hash.
  --role       The role of the key (default: writer)
  --expires    Days until the key expires (90), or a time (2027-06-30 or 2027-06-30T12:00:00Z); default: never
  --signature  The signature that requests need in addition to the key: 2 (default), 1 (signature 1 or 2), or none.
               1 and 2 require HMAC_SECRET.
  --file       The key file; default: API_KEYS_FILE
Several keys may have the same name: add the new one, change the clients, then remove the old one from the file.`;

/** A new key and the file that it was added to. */
export interface AddedKey {
  readonly key: string;
  readonly file: string;
  readonly expires: string | null;
}

/** Adds a key to the file in the arguments or the environment. @throws Error with a message for people. */
export function addKey(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
): AddedKey {
  const { name, role, signature, expires, file } = readArguments(args, environment, now);
  const content = existsSync(file) ? readExisting(file) : { keys: [] };
  const key = `av_${randomBytes(32).toString('base64url')}`;
  const created = new Date(now).toISOString();
  const entry = { name, sha256: hashOfKey(key), role, signature, created, expires };
  replaceFile(file, `${JSON.stringify({ keys: [...content.keys, entry] }, null, 2)}\n`);
  return { key, file, expires };
}

interface Wanted {
  readonly name: string;
  readonly role: Role;
  readonly signature: SignatureDemand;
  readonly expires: string | null;
  readonly file: string;
}

function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
): Wanted {
  const option = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { role: option, expires: option, signature: option, file: option },
    allowPositionals: true,
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new Error('Give exactly one name.');
  const nameProblem = problemOfKeyName(name);
  if (nameProblem !== null) throw new Error(`The name is invalid: ${nameProblem}.`);
  const role = roleNames.find((one) => one === (values.role ?? 'writer'));
  if (role === undefined) throw new Error(`--role must be one of ${roleNames.join(', ')}.`);
  const signature = signatureDemands.find((one) => one === (values.signature ?? '2'));
  if (signature === undefined) throw new Error(`--signature must be one of ${signatureDemands.join(', ')}.`);
  const file = values.file ?? environment['API_KEYS_FILE']?.trim() ?? '';
  if (file === '') throw new Error('Set API_KEYS_FILE, for example in the file .env, or add --file FILE.');
  return { name, role, signature, expires: readExpiry(values.expires, now), file };
}

function readExpiry(text: string | undefined, now: number): string | null {
  if (text === undefined) return null;
  const time = /^[0-9]{1,5}$/.test(text) ? now + Number(text) * 86_400_000 : Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`--expires must be a number of days or a time, not "${text}".`);
  if (time <= now) throw new Error('--expires must be in the future.');
  return new Date(time).toISOString();
}

function readExisting(file: string): KeyFile {
  const read = readKeyFile(readFileSync(file, 'utf8'));
  if ('problem' in read) throw new Error(`${file} is not a key file: ${read.problem}. It was not changed.`);
  return read.file;
}

/** Replaces a file atomically, so that the service never reads a part of it. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
