import { parseArgs } from 'node:util';
import type { Role } from '@aether-v/types';
import { roleNames, userNameOf, type Account } from '../account.ts';
import { accountFileVersion, AccountFileError, changeAccountFile, readAccountFile } from '../account-file.ts';
import { hashPassword } from '../password-hash.ts';
import { generatePassword, passwordProblem } from '../password-rules.ts';
import { askHidden, Interrupted, readLine, type Terminal } from './terminal.ts';

const usage = `Usage:
  npm run user:add -- NAME [--role reader|writer|admin] [--name "DISPLAY NAME"] [--generate]
  npm run user:password -- NAME [--generate]
  npm run user:remove -- NAME
  npm run user:list

The command asks for the password, or reads it from standard input if that is not a terminal. --generate prints a new one.
The first account is an admin unless --role is given. Further accounts need --role.
`;

/** The command cannot run; the message is printed as it is. */
class Refusal extends Error {}

interface Invocation {
  readonly path: string;
  readonly user: string;
  readonly role: Role | undefined;
  readonly name: string | undefined;
  readonly generate: boolean;
  readonly terminal: Terminal;
}

const commands: Readonly<Record<string, (invocation: Invocation) => Promise<void>>> = {
  add,
  password: setPassword,
  remove,
};

/** Runs the command of `npm run user:add`, `user:password`, `user:remove` or `user:list`. @returns The exit code. */
export async function runUserCommand(
  args: readonly string[],
  path: string,
  terminal: Terminal,
): Promise<number> {
  try {
    const [command = '', ...rest] = args;
    if (command === 'list') await list(path, terminal);
    else await (commands[command] ?? wrongUsage)(parse(rest, path, terminal));
    return 0;
  } catch (error) {
    if (error instanceof Refusal || error instanceof AccountFileError) {
      terminal.complain(`${error.message}\n`);
      return 1;
    }
    if (error instanceof Interrupted) return 130;
    throw error;
  }
}

function wrongUsage(): never {
  throw new Refusal(usage);
}

function parse(args: readonly string[], path: string, terminal: Terminal): Invocation {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        name: { type: 'string' },
        generate: { type: 'boolean', default: false },
      },
    });
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0) wrongUsage();
    const user = userNameOf(given);
    if (user === undefined) {
      throw new Refusal(
        `"${given}" is not a user name: use 1 to 64 letters (a to z), digits, dots, hyphens and underscores, beginning and ending with a letter or digit.`,
      );
    }
    return { path, terminal, user, role: roleOf(values.role), name: values.name, generate: values.generate };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${error instanceof Error ? error.message : ''}\n${usage}`);
  }
}

function roleOf(given: string | undefined): Role | undefined {
  const role = roleNames.find((name) => name === given);
  if (given !== undefined && role === undefined) {
    throw new Refusal(`"${given}" is not a role. Roles: ${roleNames.join(', ')}.`);
  }
  return role;
}

async function add({ path, user, role: given, name = user, generate, terminal }: Invocation): Promise<void> {
  const existing = await accountsAt(path);
  refuseIfThere(existing, user);
  const role = given ?? (existing.length === 0 ? 'admin' : undefined);
  if (role === undefined) throw new Refusal(`Add the role of the account: --role ${roleNames.join('|')}.`);
  if (name.trim() === '' || name.length > 256)
    throw new Refusal('The display name must have 1 to 256 characters.');
  const passwordHash = await newHash(user, generate, terminal);
  await changeAccountFile(path, (accounts) => {
    refuseIfThere(accounts, user);
    return [...accounts, { user, name: name.trim(), role, passwordHash }];
  });
  terminal.complain(`Added ${user} (${role}) to ${path}.\n`);
}

async function setPassword({ path, user, generate, terminal }: Invocation): Promise<void> {
  refuseIfMissing(await accountsAt(path), user, path);
  const passwordHash = await newHash(user, generate, terminal);
  await changeAccountFile(path, (accounts) => {
    refuseIfMissing(accounts, user, path);
    return accounts.map((account) => (account.user === user ? { ...account, passwordHash } : account));
  });
  terminal.complain(
    `Changed the password of ${user}. Sessions with the old password end within ten minutes.\n`,
  );
}

async function remove({ path, user, terminal }: Invocation): Promise<void> {
  await changeAccountFile(path, (accounts) => {
    refuseIfMissing(accounts, user, path);
    return accounts.filter((account) => account.user !== user);
  });
  terminal.complain(`Removed ${user}. Sessions of this account end within ten minutes.\n`);
}

async function list(path: string, terminal: Terminal): Promise<void> {
  for (const { user, role, name } of await accountsAt(path)) terminal.print(`${user}\t${role}\t${name}\n`);
}

async function accountsAt(path: string): Promise<readonly Account[]> {
  return (await accountFileVersion(path)) === undefined ? [] : (await readAccountFile(path)).accounts;
}

function refuseIfThere(accounts: readonly Account[], user: string): void {
  if (!accounts.some((account) => account.user === user)) return;
  throw new Refusal(`${user} already exists. To set a new password, run npm run user:password -- ${user}`);
}

function refuseIfMissing(accounts: readonly Account[], user: string, path: string): void {
  if (!accounts.some((account) => account.user === user))
    throw new Refusal(`${path} has no account ${user}.`);
}

async function newHash(user: string, generate: boolean, terminal: Terminal): Promise<string> {
  if (generate) {
    const password = generatePassword();
    terminal.complain('Password: ');
    terminal.print(`${password}\n`);
    return hashPassword(password);
  }
  const password = await readPassword(user, terminal);
  const problem = passwordProblem(password, user);
  if (problem !== null) throw new Refusal(problem);
  return hashPassword(password);
}

async function readPassword(user: string, terminal: Terminal): Promise<string> {
  if (terminal.input.isTTY !== true) return readLine(terminal);
  const password = await askHidden(terminal, `Password for ${user}: `);
  const problem = passwordProblem(password, user);
  if (problem !== null) throw new Refusal(problem);
  if ((await askHidden(terminal, 'Repeat the password: ')) !== password) {
    throw new Refusal('The passwords differ. Nothing was changed.');
  }
  return password;
}
