import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Command, monitorCommandOutput, runCommand, Shell } from 'winrm-client';
import { basicAuthentication, sameSecret } from '../../src/server/index.ts';
import { Harness } from '../server/harness.ts';
import { shShell } from './sh-shell.ts';

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const tls = { key: await pem('key'), cert: await pem('cert') };

// The client takes a name with a backslash or an at sign as a domain's, and then speaks NTLM.
const authentication = basicAuthentication(
  (user, password) => user === 'operator' && sameSecret(password, 'secret'),
);

function target(harness: Harness) {
  const { port, protocol } = new URL(harness.url);
  return {
    host: '127.0.0.1',
    port: Number(port),
    path: '/wsman',
    username: 'operator',
    password: 'secret',
    authMethod: 'basic' as const,
    useHttps: protocol === 'https:',
    rejectUnauthorized: false,
  };
}

describe.each([
  ['HTTP', undefined],
  ['HTTPS', tls],
])('the npm package winrm-client over %s', (_, files) => {
  const start = () => Harness.start({ commandShell: shShell, authentication }, files);

  test('runs a command', async () => {
    await using harness = await start();
    const { host, port, username, password, useHttps } = target(harness);
    const run = (command: string) =>
      runCommand(command, host, username, password, port, false, useHttps, false);
    expect(await run('echo hello')).toBe('hello');
    expect(await run('echo oops >&2')).toBe('oops');
    expect(harness.listener.shellCount).toBe(0);
    expect(harness.listener.traffic.byAction).toMatchObject({ create: 2, command: 2, delete: 2 });
  });

  test('follows a command to its end', async () => {
    await using harness = await start();
    const shell = { ...target(harness), shellId: await Shell.doCreateShell(target(harness)) };
    const command = { ...shell, command: 'echo begin; read line; echo "got $line"; echo oops >&2' };
    const commandId = await Command.doExecuteCommand(command);
    const seen = { output: '', stderr: '', isComplete: false };
    for (let answered = false; !seen.isComplete; answered = true) {
      const part = await Command.doReceiveOutputNonBlocking({ ...command, commandId });
      seen.output += part.output;
      seen.stderr += part.stderr;
      seen.isComplete = part.isComplete;
      if (!answered) await Command.doSendInput({ ...command, commandId, input: 'input\n' });
    }
    expect(seen).toEqual({ output: 'begingot input', stderr: 'oops', isComplete: true });
    expect(await Shell.doDeleteShell(shell)).toBe('success');
  });

  test('answers prompts', async () => {
    await using harness = await start();
    const shell = { ...target(harness), shellId: await Shell.doCreateShell(target(harness)) };
    const command = { ...shell, command: 'echo "Name:"; read name; echo "hello $name"' };
    const commandId = await Command.doExecuteCommand(command);
    const prompts = [{ pattern: /Name:/, response: 'world' }];
    const output = await monitorCommandOutput({ ...command, commandId, prompts, pollInterval: 1 });
    expect(output).toBe('Name:hello world');
    await Shell.doDeleteShell(shell);
  });
});
