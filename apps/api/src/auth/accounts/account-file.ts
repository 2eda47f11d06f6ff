import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { roleNames, userNameOf, type Account } from './account.ts';
import { isPasswordHash } from './password-hash.ts';

const schema = Compile(
  Type.Object(
    {
      accounts: Type.Array(
        Type.Object(
          {
            user: Type.String(),
            name: Type.String({ minLength: 1, maxLength: 256 }),
            role: Type.Union(roleNames.map((role) => Type.Literal(role))),
            password: Type.String({ maxLength: 1024 }),
          },
          { additionalProperties: false },
        ),
        { maxItems: 10_000 },
      ),
    },
    { additionalProperties: false },
  ),
);

/** The maximum size of the file in bytes. */
const maxBytes = 8 * 1024 * 1024;

/** The content of an accounts file. */
export interface AccountFile {
  readonly accounts: readonly Account[];
  /** True if other users of the machine can read or write the file. */
  readonly isOpenToOthers: boolean;
  /** Differs after each change of the file. */
  readonly version: string;
}

/** An accounts file cannot be used; the message gives the reason. */
export class AccountFileError extends Error {
  override readonly name = 'AccountFileError';
}

/** Reads an accounts file. @throws AccountFileError if it cannot be read or is invalid. */
export async function readAccountFile(path: string): Promise<AccountFile> {
  try {
    await using file = await open(path, constants.O_RDONLY);
    const { mode, size, mtimeMs, ino } = await file.stat();
    if (size > maxBytes) throw new AccountFileError(`${path} is larger than ${maxBytes} bytes.`);
    const accounts = parseAccounts(await file.readFile('utf8'), path);
    return {
      accounts,
      // Windows has no mode bits; there the permissions of the folder protect the file.
      isOpenToOthers: process.platform !== 'win32' && (mode & 0o077) !== 0,
      version: versionOf({ size, mtimeMs, ino }),
    };
  } catch (error) {
    if (error instanceof AccountFileError) throw error;
    throw new AccountFileError(`${path} cannot be read: ${messageOf(error)}.`);
  }
}

/** Returns the version of an accounts file without reading it; undefined if it does not exist. */
export async function accountFileVersion(path: string): Promise<string | undefined> {
  try {
    return versionOf(await stat(path));
  } catch {
    return undefined;
  }
}

/**
 * Replaces the content of an accounts file atomically: after a crash or on a full disk the previous content remains.
 * Creates the file if necessary, readable only by its owner.
 *
 * @throws AccountFileError if it cannot be read or written, or is being changed by another process.
 */
export async function changeAccountFile(
  path: string,
  change: (accounts: readonly Account[]) => readonly Account[],
): Promise<void> {
  const lock = `${path}.lock`;
  await createLock(lock, path);
  try {
    const exists = (await accountFileVersion(path)) !== undefined;
    const before = exists ? (await readAccountFile(path)).accounts : [];
    await replaceFile(path, render(change(before)));
  } finally {
    await rm(lock, { force: true });
  }
}

async function createLock(lock: string, path: string): Promise<void> {
  try {
    await using file = await open(lock, 'wx', 0o600);
    await file.writeFile(`${process.pid}\n`);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new AccountFileError(`${path} cannot be changed: ${messageOf(error)}.`);
    throw new AccountFileError(
      `Another process is changing ${path}. If none is running, an earlier one was interrupted: delete ${lock} and try again.`,
    );
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AccountFileError(`${path} cannot be written: ${messageOf(error)}.`);
  }
}

/** Parses the text of an accounts file. @throws AccountFileError that never contains a hash. */
function parseAccounts(text: string, path: string): readonly Account[] {
  const file = parseJson(text);
  if (!schema.Check(file)) {
    const [first] = schema.Errors(file);
    const where =
      first === undefined ? '' : ` (at ${first.instancePath === '' ? 'the top' : first.instancePath})`;
    throw new AccountFileError(
      `${path} is not an accounts file${where}. Create accounts with npm run user:add.`,
    );
  }
  const seen = new Set<string>();
  return file.accounts.map(({ user, name, role, password }) => {
    if (userNameOf(user) !== user) throw new AccountFileError(`${path} has an invalid user name: "${user}".`);
    if (seen.has(user)) throw new AccountFileError(`${path} has two accounts named ${user}.`);
    if (!isPasswordHash(password)) {
      throw new AccountFileError(
        `${path} has no valid password hash for ${user}. Set one with npm run user:password.`,
      );
    }
    seen.add(user);
    return { user, name, role, passwordHash: password };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function render(accounts: readonly Account[]): string {
  const rows = accounts.map(({ user, name, role, passwordHash }) => ({
    user,
    name,
    role,
    password: passwordHash,
  }));
  return `${JSON.stringify({ accounts: rows }, null, 2)}\n`;
}

function versionOf({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): string {
  return `${ino}-${size}-${mtimeMs}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}
