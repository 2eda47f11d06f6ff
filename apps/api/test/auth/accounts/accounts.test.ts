import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeAccountFile } from '../../../src/auth/accounts/account-file.ts';
import type { Account } from '../../../src/auth/accounts/account.ts';
import { Accounts, accountStamp } from '../../../src/auth/accounts/accounts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const anna: Account = {
  user: 'anna',
  name: 'Anna',
  role: 'writer',
  passwordHash:
    '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};

function opened(path: string): { readonly accounts: Accounts; readonly lines: string[] } {
  const lines: string[] = [];
  const log = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
  return { accounts: new Accounts(path, log), lines };
}

test('a changed file counts at the next look', async () => {
  const path = join(temporaryFolder(), 'accounts.json');
  await changeAccountFile(path, () => [anna]);
  const { accounts, lines } = opened(path);
  expect(await accounts.find('anna')).toEqual(anna);
  expect(await accounts.find('bert')).toBeUndefined();
  await changeAccountFile(path, () => [{ ...anna, role: 'reader' }]);
  expect(await accounts.find('anna')).toMatchObject({ role: 'reader' });
  await changeAccountFile(path, () => []);
  expect(await accounts.find('anna')).toBeUndefined();
  expect(lines).toEqual([]);
});

test('an invalid or removed file is reported once, and the previous accounts stay valid', async () => {
  const path = join(temporaryFolder(), 'accounts.json');
  await changeAccountFile(path, () => [anna]);
  const { accounts, lines } = opened(path);
  await accounts.find('anna');
  writeFileSync(path, '{', { mode: 0o600 });
  await accounts.find('anna');
  expect(await accounts.find('anna')).toEqual(anna);
  rmSync(path);
  await accounts.find('anna');
  expect(await accounts.find('anna')).toEqual(anna);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/not an accounts file.*previous accounts stay valid/);
});

test('a file that others can read is reported with the command that corrects it', async () => {
  const path = join(temporaryFolder(), 'accounts.json');
  await changeAccountFile(path, () => [anna]);
  chmodSync(path, 0o640);
  const { accounts, lines } = opened(path);
  await Promise.all([accounts.find('anna'), accounts.find('anna')]);
  expect(lines).toEqual([expect.stringContaining(`chmod 600 ${path}`)]);
});

test('the stamp of an account changes with its role and its password only', () => {
  const stamp = accountStamp(anna);
  expect(accountStamp({ ...anna, name: 'Another' })).toBe(stamp);
  expect(accountStamp({ ...anna, role: 'admin' })).not.toBe(stamp);
  expect(accountStamp({ ...anna, passwordHash: `${anna.passwordHash}x` })).not.toBe(stamp);
});
