import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runUserCommand } from '../../../src/auth/accounts/cli/user-command.ts';
import { readAccountFile } from '../../../src/auth/accounts/account-file.ts';
import { matchesPassword } from '../../../src/auth/accounts/password-hash.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const password = 'correct horse battery';

class Console {
  readonly path = join(temporaryFolder(), 'accounts.json');
  output = '';
  errors = '';

  /** Runs the command with this standard input. */
  run(args: string, input = ''): Promise<number> {
    const stream = new PassThrough();
    stream.end(input);
    return this.#run(args, stream);
  }

  /** Runs the command at a terminal, where each answer is typed when it is asked for. */
  async type(args: string, ...answers: string[]): Promise<number> {
    const stream = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stream });
    const complain = (text: string): void => {
      if (!/: $/.test(text)) return;
      // An answer arrives in pieces, one for each key.
      for (const key of answers.shift() ?? '') stream.write(key);
    };
    return this.#run(args, stream, complain);
  }

  #run(args: string, input: PassThrough, asked: (text: string) => void = () => undefined): Promise<number> {
    return runUserCommand(args.split(' '), this.path, {
      input,
      print: (text) => (this.output += text),
      complain: (text) => {
        this.errors += text;
        asked(text);
      },
    });
  }
}

describe('npm run user:add', () => {
  test('adds the first account as an admin, with the password from standard input', async () => {
    const console = new Console();
    expect(await console.run('add Admin', `${password}\nmore\n`)).toBe(0);
    const { accounts } = await readAccountFile(console.path);
    expect(accounts).toMatchObject([{ user: 'admin', name: 'admin', role: 'admin' }]);
    expect(await matchesPassword(password, accounts[0]?.passwordHash ?? '')).toBe(true);
    expect(readFileSync(console.path, 'utf8')).not.toContain(password);
    expect(console.output + console.errors).not.toContain(password);
  });

  test('asks twice at a terminal, without showing the password', async () => {
    const console = new Console();
    expect(await console.type('add admin', `${password}x\u007f\r`, `${password}\r`)).toBe(0);
    const { accounts } = await readAccountFile(console.path);
    expect(await matchesPassword(password, accounts[0]?.passwordHash ?? '')).toBe(true);
    expect(console.output + console.errors).not.toContain('horse');
  });

  test('changes nothing if the two passwords differ, or after Ctrl+C', async () => {
    const console = new Console();
    expect(await console.type('add admin', `${password}\r`, `another ${password}\r`)).toBe(1);
    expect(console.errors).toContain('differ');
    expect(await console.type('add admin', `${password}\u0003`)).toBe(130);
    await expect(readAccountFile(console.path)).rejects.toThrow('cannot be read');
  });

  test('prints a generated password, and only that, to standard output', async () => {
    const console = new Console();
    expect(await console.run('add admin --generate')).toBe(0);
    const { accounts } = await readAccountFile(console.path);
    expect(await matchesPassword(console.output.trim(), accounts[0]?.passwordHash ?? '')).toBe(true);
  });

  test.each([
    [
      'a second account without a role',
      'add bert',
      password,
      /Add the role of the account: --role reader\|writer\|admin/,
    ],
    ['an unknown role', 'add bert --role root', password, /"root" is not a role/],
    ['a user that exists', 'add ADMIN --role reader', password, /already exists.*user:password -- admin/],
    ['an invalid name', 'add ../x', password, /is not a user name/],
    ['a weak password', 'add bert --role reader', 'short', /at least 12 characters/],
    ['no password', 'add bert --role reader', '', /at least 12 characters/],
    ['an unknown option', 'add bert --admin', password, /--admin.*Usage/s],
    ['two names', 'add bert carl', password, /Usage/],
    ['an unknown command', 'change bert', password, /Usage/],
  ])('refuses %s and changes nothing', async (_, args, input, reason) => {
    const console = new Console();
    await console.run('add admin', password);
    const before = readFileSync(console.path, 'utf8');
    console.errors = '';
    expect(await console.run(args, input)).toBe(1);
    expect(console.errors).toMatch(reason);
    expect(readFileSync(console.path, 'utf8')).toBe(before);
  });
});

test('npm run user:password replaces the password, and keeps the role', async () => {
  const console = new Console();
  await console.run('add admin', password);
  await console.run('add bert --role reader', password);
  expect(await console.run('password bert', `new ${password}`)).toBe(0);
  const { accounts } = await readAccountFile(console.path);
  expect(accounts).toMatchObject([{ user: 'admin' }, { user: 'bert', role: 'reader' }]);
  expect(await matchesPassword(`new ${password}`, accounts[1]?.passwordHash ?? '')).toBe(true);
  expect(await console.run('password carl', password)).toBe(1);
  expect(console.errors).toContain('has no account carl');
});

test('npm run user:list and user:remove show and remove accounts', async () => {
  const console = new Console();
  await console.run('add admin', password);
  await console.run('add bert --role reader --generate');
  console.output = '';
  expect(await console.run('list')).toBe(0);
  expect(console.output).toBe('admin\tadmin\tadmin\nbert\treader\tbert\n');
  expect(await console.run('remove bert')).toBe(0);
  expect((await readAccountFile(console.path)).accounts).toHaveLength(1);
  expect(await console.run('remove bert')).toBe(1);
});
