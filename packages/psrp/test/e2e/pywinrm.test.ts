import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { processShell } from '../../src/process/index.ts';
import { basicAuthentication, sameSecret } from '../../src/server/index.ts';
import { Harness } from '../server/harness.ts';

const pythonPath = '/usr/bin/python3';
const found = spawnSync(pythonPath, ['-c', 'import winrm']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('kdc');
const title = found || required ? '' : ' (skipped: python3-winrm not installed)';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tls = {
  key: await readFile(file('../../testdata/tls/key.pem'), 'utf8'),
  cert: await readFile(file('../../testdata/tls/cert.pem'), 'utf8'),
};

const commandShell = processShell({
  spawn: ({ line, environment, workingDirectory }) => ({
    command: '/bin/sh',
    args: ['-c', line],
    env: { ...process.env, ...Object.fromEntries(environment) },
    ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
  }),
});

// The client sends Latin-1, where we read UTF-8.
const account = { username: 'operator', password: 'secret' };
const authentication = basicAuthentication(
  (user, password) => user === account.username && sameSecret(password, account.password),
);

interface Asked {
  readonly command: string;
  readonly arguments?: readonly string[];
  readonly folder?: string;
}

/** Runs a command on the host by pywinrm, in a process of its own. */
async function run(connect: Readonly<Record<string, unknown>>, asked: Asked) {
  const given = JSON.stringify({ connect, ...asked });
  const { stdout } = await promisify(execFile)(pythonPath, [file('run_winrm.py'), given], {
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
    timeout: 60_000,
    maxBuffer: 10_000_000,
  });
  const answer = JSON.parse(stdout) as { stdout: string; stderr: string; code: number };
  const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
  return { stdout: text(answer.stdout), stderr: text(answer.stderr), code: answer.code };
}

describe.skipIf(!found && !required)(`pywinrm${title}`, () => {
  test.each([
    ['HTTP', 'plaintext', undefined],
    ['HTTPS', 'ssl', tls],
  ])('runs commands over %s', async (_, transport, files) => {
    await using harness = await Harness.start({ commandShell, authentication }, files);
    const endpoint = harness.url.replace('127.0.0.1', 'localhost');
    const trust = files === undefined ? {} : { ca_trust_path: file('../../testdata/tls/cert.pem') };
    const connect = { endpoint, ...account, transport, ...trust };
    const asked = {
      command: 'echo "$GREETING, $(pwd)"; echo "ä" >&2; exit',
      arguments: ['3'],
      folder: '/',
    };
    expect(await run(connect, asked)).toEqual({ stdout: 'hello, /\n', stderr: 'ä\n', code: 3 });
    expect(harness.listener.shellCount).toBe(0);
  });

  test('repeats Receive for commands that outlast the operation timeout', async () => {
    await using harness = await Harness.start({ commandShell, authentication });
    const connect = {
      endpoint: harness.url,
      ...account,
      transport: 'plaintext',
      operation_timeout_sec: 1,
    };
    const asked = { command: 'sleep 2; echo late' };
    expect(await run(connect, asked)).toEqual({ stdout: 'late\n', stderr: '', code: 0 });
    expect(harness.listener.traffic.byAction.receive).toBeGreaterThan(1);
  });

  test('receives megabytes', async () => {
    await using harness = await Harness.start({ commandShell, authentication });
    const connect = { endpoint: harness.url, ...account, transport: 'plaintext' };
    const { stdout, code } = await run(connect, { command: 'head -c 1000000 /dev/zero | tr "\\0" y' });
    expect([stdout.length, code]).toEqual([1_000_000, 0]);
  });
});
