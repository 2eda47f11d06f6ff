import { describe, expect, test } from 'vitest';
import { commandShell, type CommandLineContext, type CommandLineHandler } from '../../src/server/index.ts';
import { clientOf, failure } from '../client/connect.ts';
import { FakeClock, Harness, until } from './harness.ts';
import { WinrsShell } from './winrs.ts';

const guidPattern = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** What the commands below were given. */
let contexts: CommandLineContext[] = [];

const handlers: Readonly<Record<string, CommandLineHandler>> = {
  greet: async ({ line, stdout, stderr }) => {
    await stdout(`<${line}>`);
    await stderr('careful');
    await stdout('done');
    return 7;
  },
  count: async ({ stdin, stdout }) => {
    let length = 0;
    for await (const data of stdin) length += data.length;
    await stdout(String(length));
    return 0;
  },
  drip: async ({ stdout }) => {
    for (let index = 0; index < 20_000; index += 1) await stdout('x');
    return 0;
  },
  fail: () => Promise.reject(new Error('the handler failed')),
  wait: ({ interrupted, signal, stdout }) =>
    new Promise((resolve) => {
      interrupted.addEventListener('abort', () => {
        void stdout('interrupted');
        resolve(signal.aborted ? 1 : 130);
      });
    }),
};

const backend = commandShell((context) => {
  contexts.push(context);
  return (handlers[context.command] ?? (() => Promise.resolve(1)))(context);
});

async function opened(options: { clock?: FakeClock } = {}) {
  contexts = [];
  const harness = await Harness.start({ commandShell: backend, ...options });
  const client = clientOf(harness);
  const shell = await WinrsShell.open(client, new Map([['NAME', 'value']]));
  return {
    harness,
    client,
    shell,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await harness[Symbol.asyncDispose]();
    },
  };
}

describe('a WinRS shell', () => {
  test('gets its id and those of its commands from the host', async () => {
    await using made = await opened();
    expect(made.shell.shellId).toMatch(guidPattern);
    const [first, second] = [await made.shell.start('wait'), await made.shell.start('wait')];
    expect(first).toMatch(guidPattern);
    expect(second).not.toBe(first);
    await made.shell.close();
    expect(made.harness.listener.shellCount).toBe(0);
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  test('passes a command its line, and the client both streams and the exit code', async () => {
    await using made = await opened();
    const id = await made.shell.start('greet', '/all', '"a b"');
    const { chunks, state } = await made.shell.receive(id);
    const part = (stream: string, text: string) => ({ stream, commandId: id, data: Buffer.from(text) });
    const end = (stream: string) => ({ ...part(stream, ''), end: true });
    expect(chunks).toEqual([
      part('stdout', '<greet /all "a b">'),
      part('stderr', 'careful'),
      part('stdout', 'done'),
      end('stdout'),
      end('stderr'),
    ]);
    expect(state).toEqual({ commandId: id, done: true, exitCode: 7 });
    const [context] = contexts;
    expect(context).toMatchObject({ command: 'greet', arguments: ['/all', '"a b"'], commandId: id });
    expect(context?.environment).toEqual(new Map([['NAME', 'value']]));
  });

  test('reports that a command runs together with its output so far', async () => {
    await using made = await opened();
    const id = await made.shell.start('wait');
    await contexts[0]?.stdout('so far');
    expect(await made.shell.receive(id)).toMatchObject({ state: { commandId: id, done: false } });
  });

  test('joins small writes', async () => {
    await using made = await opened();
    const id = await made.shell.start('drip');
    const { chunks } = await made.shell.receive(id);
    expect(chunks.map(({ data }) => data.length)).toEqual([20_000, 0, 0]);
  });

  test('passes input to its end, and drops the rest', async () => {
    await using made = await opened();
    const id = await made.shell.start('count');
    await made.shell.send(id, 'some');
    await made.shell.send(id, ' more', true);
    await made.shell.send(id, 'too late');
    expect(await made.shell.output(id)).toEqual({ stdout: '9', stderr: '', exitCode: 0 });
  });

  test('holds up a client that sends to a command which does not read', async () => {
    await using made = await opened();
    const id = await made.shell.start('wait');
    const piece = 'x'.repeat(60_000);
    await made.shell.send(id, piece);
    await made.shell.send(id, piece);
    const sent = made.shell.send(id, piece);
    let released = false;
    void sent.then(() => (released = true));
    await until(() => made.harness.listener.traffic.byAction.send === 3);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(released).toBe(false);
    await made.shell.signal(id, 'ctrlC');
    await sent;
  });

  test.each(['ctrlC', 'ctrlBreak'] as const)('lets %s interrupt, and the rest be read', async (name) => {
    await using made = await opened();
    const id = await made.shell.start('wait');
    await made.shell.signal(id, name);
    expect(await made.shell.output(id)).toEqual({ stdout: 'interrupted', stderr: '', exitCode: 130 });
    await made.shell.signal(id, 'terminate');
    expect((await failure(made.shell.receive(id))).fault?.isShellNotFound).toBe(true);
  });

  test('ends a terminated command, and its pending Receive', async () => {
    await using made = await opened();
    const id = await made.shell.start('wait');
    const pending = failure(made.shell.receive(id));
    await until(() => made.harness.listener.traffic.byAction.receive === 1);
    await made.shell.signal(id, 'terminate');
    expect((await pending).fault?.known).toBe('aborted');
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  test('turns a failing handler into its message and code 1', async () => {
    await using made = await opened();
    const output = await made.shell.run('fail');
    expect(output).toEqual({ stdout: '', stderr: 'the handler failed\r\n', exitCode: 1 });
  });

  test('cannot be disconnected from, and stays connected without a request', async () => {
    const clock = new FakeClock();
    await using made = await opened({ clock });
    const shell = {
      resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd',
      shellId: made.shell.shellId,
    };
    for (const action of ['disconnect', 'reconnect'] as const) {
      const error = await failure(made.client.request({ action, ...shell }));
      expect(error.fault?.known).toBe('invalidAction');
    }
    clock.advance(600_000);
    expect(await made.client.shells()).toMatchObject([{ ...shell, state: 'Connected' }]);
    expect(await made.shell.run('greet')).toMatchObject({ exitCode: 7 });
  });

  test('is not a pool, and has no input itself', async () => {
    await using made = await opened();
    const shell = {
      resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd',
      shellId: made.shell.shellId,
    };
    const data = Buffer.from('x');
    const send = made.client.request({ action: 'send', ...shell, stream: 'stdin', data });
    expect((await failure(send)).fault?.known).toBe('schemaValidation');
  });

  test('is unknown to a host that serves pools only', async () => {
    await using harness = await Harness.start();
    const client = clientOf(harness);
    expect((await failure(WinrsShell.open(client))).fault?.isUnknownEndpoint).toBe(true);
    await client.close();
  });
});
