import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../src/processes.ts';

const root = join(import.meta.dirname, '../..');
const password = 'correct horse battery';

/** The address of this machine in its network. */
const address = Object.values(networkInterfaces())
  .flatMap((found) => found ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Returns the commands of the page for a LAN, as they are written. */
function commandsOfPage(): readonly string[] {
  const page = readFileSync(join(root, 'docs/network.md'), 'utf8');
  const [, commands = ''] = /## In a LAN[^]*?```sh\n([^`]+)```/.exec(page) ?? [];
  return commands.trim().split('\n');
}

/** Starts a command of the page in a shell, in the folder of the project. */
function run(command: string, env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('sh', ['-c', command], { cwd: root, env: { PATH, HOME, ...env }, detached: true });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    const { pid } = child;
    if (child.exitCode !== null || child.signalCode !== null || pid === undefined) return;
    // The shell, npm and the service are one group.
    process.kill(-pid, 'SIGTERM');
    await ended;
  });
  return child;
}

/** Returns the URL that `npm start` prints when the service is ready. */
async function readyUrl({ stdout, stderr }: ChildProcess): Promise<string> {
  if (stdout === null || stderr === null) throw new Error('no output');
  const lines: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => lines.push(line));
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    const url = /Aether-V is at (https:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    stdout.resume();
    return url;
  }
  throw new Error(`The service did not start:\n${lines.join('\n')}`);
}

interface Answer {
  readonly status: number;
  readonly cookie: string;
}

function ask(url: URL, ca: string, method: string, headers: object, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, method, headers: { ...headers }, agent: false }, (response) => {
      const [cookie = ''] = response.headers['set-cookie'] ?? [];
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, cookie }));
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test.skipIf(address === undefined)(
  'two commands lead from nothing to a signed-in session over HTTPS in the network (needs a network address)',
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'network-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // In another folder than the user's, so that the checkout stays clean.
    const files = {
      ACCOUNTS_FILE: join(folder, 'accounts.json'),
      TLS_CERT: join(folder, 'tls', 'cert.pem'),
      TLS_KEY: join(folder, 'tls', 'key.pem'),
    };
    const [addUser = '', start = '', ...more] = commandsOfPage();
    expect(more).toEqual([]);

    const adding = run(addUser, files);
    adding.stdin?.end(`${password}\n`);
    const [code] = (await once(adding, 'exit')) as [number];
    expect([code, existsSync(files.ACCOUNTS_FILE)]).toEqual([0, true]);

    const base = await readyUrl(run(start, { ...files, PORT: String(await freePort()) }));
    expect(new URL(base).hostname).toBe(address);
    const ca = readFileSync(files.TLS_CERT, 'utf8');
    const json = { 'content-type': 'application/json' };
    const vms = new URL('/api/v1/vms', base);
    const signIn = new URL('/auth/password', base);
    expect((await ask(vms, ca, 'GET', {})).status).toBe(401);
    const wrong = await ask(signIn, ca, 'POST', json, { user: 'admin', password: `${password}!` });
    expect(wrong).toEqual({ status: 401, cookie: '' });
    const { status, cookie } = await ask(signIn, ca, 'POST', json, { user: 'admin', password });
    expect(status).toBe(204);
    expect(cookie).toMatch(/^__Host-.*; Secure; HttpOnly; SameSite=Strict/);
    const [pair = ''] = cookie.split(';');
    expect((await ask(vms, ca, 'GET', { cookie: pair })).status).toBe(200);
  },
);
