import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/auth/accounts/account.ts';
import {
  accountFileVersion,
  changeAccountFile,
  readAccountFile,
} from '../../../src/auth/accounts/account-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const anna: Account = { user: 'anna', name: 'Anna', role: 'admin', passwordHash };

describe('an accounts file', () => {
  test('an accounts file is readable by its owner only, and keeps its content', async () => {
    const path = join(temporaryFolder(), 'accounts.json');
    await changeAccountFile(path, () => [anna]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { accounts, isOpenToOthers, version } = await readAccountFile(path);
    expect([accounts, isOpenToOthers]).toEqual([[anna], false]);
    expect(await accountFileVersion(path)).toBe(version);
  });

  test('has another version after each change, even within the resolution of its time', async () => {
    const path = join(temporaryFolder(), 'accounts.json');
    const versions = new Set<string | undefined>();
    for (const name of ['a', 'b', 'c', 'd']) {
      await changeAccountFile(path, () => [{ ...anna, name }]);
      versions.add(await accountFileVersion(path));
    }
    expect(versions.size).toBe(4);
  });

  test('keeps its content if a change fails, and leaves no temporary file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'accounts.json');
    await changeAccountFile(path, () => [anna]);
    const before = readFileSync(path, 'utf8');
    await expect(
      changeAccountFile(path, () => {
        throw new Error('no change');
      }),
    ).rejects.toThrow('no change');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['accounts.json']);
  });

  test('is not changed while another process changes it', async () => {
    const path = join(temporaryFolder(), 'accounts.json');
    writeFileSync(`${path}.lock`, '');
    await expect(changeAccountFile(path, () => [anna])).rejects.toThrow(
      /Another process.*accounts\.json\.lock/s,
    );
    expect(existsSync(path)).toBe(false);
  });

  test('that others can read is reported', async () => {
    const path = join(temporaryFolder(), 'accounts.json');
    await changeAccountFile(path, () => [anna]);
    chmodSync(path, 0o644);
    expect((await readAccountFile(path)).isOpenToOthers).toBe(true);
  });

  test.each([
    ['an empty file', '', /not an accounts file \(at the top\)/],
    ['another format', '{"accounts":{}}', /not an accounts file/],
    ['an unknown field', '{"accounts":[],"more":1}', /not an accounts file/],
    [
      'an unknown role',
      JSON.stringify({ accounts: [row({ role: 'root' })] }),
      /not an accounts file \(at \/accounts\/0/,
    ],
    [
      'a user in capitals',
      JSON.stringify({ accounts: [row({ user: 'Anna' })] }),
      /invalid user name: "Anna"/,
    ],
    ['a user twice', JSON.stringify({ accounts: [row(), row()] }), /two accounts named anna/],
    [
      'a password in clear text',
      JSON.stringify({ accounts: [row({ password: 's3cret' })] }),
      /no valid password hash for anna/,
    ],
  ])('is refused if it is %s', async (_, text, reason) => {
    const path = join(temporaryFolder(), 'accounts.json');
    writeFileSync(path, text, { mode: 0o600 });
    await expect(readAccountFile(path)).rejects.toThrow(reason);
    await expect(readAccountFile(path)).rejects.not.toThrow('s3cret');
  });

  test('that does not exist is named in the error', async () => {
    const path = join(temporaryFolder(), 'accounts.json');
    await expect(readAccountFile(path)).rejects.toThrow(`${path} cannot be read`);
    expect(await accountFileVersion(path)).toBeUndefined();
  });
});

function row(overrides: object = {}): object {
  return { user: 'anna', name: 'Anna', role: 'admin', password: passwordHash, ...overrides };
}
