import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processShell } from '../../src/process/index.ts';
import { clientOf } from '../client/connect.ts';
import { Harness } from '../server/harness.ts';
import { WinrsShell } from '../server/winrs.ts';

const commandShell = processShell({
  spawn: ({ line, environment }) => ({
    command: '/bin/sh',
    args: ['-c', line],
    env: { ...process.env, ...Object.fromEntries(environment) },
  }),
});

async function opened(shellOf = commandShell) {
  const harness = await Harness.start({ commandShell: shellOf });
  const client = clientOf(harness);
  const shell = await WinrsShell.open(client, new Map([['GREETING', 'hello']]));
  const folder = await mkdtemp(join(tmpdir(), 'psrp-shell-'));
  return {
    shell,
    /** A file that commands write process ids to. */
    pids: join(folder, 'pids'),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await harness[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function pidsIn(file: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = existsSync(file) ? (await readFile(file, 'utf8')).trim().split(/\s+/).map(Number) : [];
    if (pids.length === count) return pids;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function allEnded(pids: readonly number[]): Promise<void> {
  const lives = async (pid: number): Promise<boolean> => {
    // What nobody has waited for yet is still there, but runs no more.
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return status !== '' && !status.includes(') Z ');
  };
  while ((await Promise.all(pids.map(lives))).includes(true))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.skipIf(process.platform === 'win32')('a WinRS shell of local processes', () => {
  test('runs a command with its environment and returns streams and exit code', async () => {
    await using made = await opened();
    const output = await made.shell.run('echo "$GREETING"; echo oops >&2; exit', '3');
    expect(output).toEqual({ stdout: 'hello\n', stderr: 'oops\n', exitCode: 3 });
  });

  test('pipes input to its end', async () => {
    await using made = await opened();
    const id = await made.shell.start('sort -r');
    await made.shell.send(id, 'a\nb\n');
    await made.shell.send(id, 'c\n', true);
    expect(await made.shell.output(id)).toEqual({ stdout: 'c\nb\na\n', stderr: '', exitCode: 0 });
  });

  test('carries megabytes in both directions', async () => {
    await using made = await opened();
    const id = await made.shell.start('cat');
    const sending = (async () => {
      for (let round = 0; round < 30; round += 1)
        await made.shell.send(id, 'y'.repeat(100_000), round === 29);
    })();
    const { stdout, exitCode } = await made.shell.output(id);
    await sending;
    expect([stdout.length, exitCode]).toEqual([3_000_000, 0]);
  });

  test('does not wait for a program to read unwanted input', async () => {
    await using made = await opened();
    const id = await made.shell.start('exec <&-; echo closed');
    expect(await made.shell.output(id)).toMatchObject({ stdout: 'closed\n', exitCode: 0 });
    await made.shell.send(id, 'x'.repeat(200_000));
  });

  test('reports Ctrl+C like Windows', async () => {
    await using made = await opened();
    const id = await made.shell.start('echo ready; exec sleep 600');
    await made.shell.receive(id);
    await made.shell.signal(id, 'ctrlC');
    expect(await made.shell.output(id)).toMatchObject({ exitCode: -1_073_741_510 });
  });

  test.each(['terminate', 'close'] as const)('%s kills a command and its child processes', async (how) => {
    await using made = await opened();
    const id = await made.shell.start(
      `trap "" INT; sleep 600 & echo "$! $$" > ${made.pids}; while :; do wait; done`,
    );
    const pids = await pidsIn(made.pids, 2);
    if (how === 'terminate') await made.shell.signal(id, 'terminate');
    else await made.shell.close();
    await allEnded(pids);
  });

  test('does not wait for processes that a command leaves behind', async () => {
    await using made = await opened();
    const output = await made.shell.run(`sleep 600 & echo "$!" > ${made.pids}; echo done`);
    expect(output).toEqual({ stdout: 'done\n', stderr: '', exitCode: 0 });
    await allEnded(await pidsIn(made.pids, 1));
  });

  test('reports a missing program', async () => {
    await using made = await opened(processShell({ spawn: () => ({ command: '/nonexistent/program' }) }));
    const output = await made.shell.run('x');
    expect(output).toMatchObject({ stdout: '', exitCode: 1 });
    expect(output.stderr).toContain('/nonexistent/program could not be started');
  });
});
